"""End to end over HTTP: a real server, a real small model, the client that users have. Nobody expects competence."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from langchain_openai import ChatOpenAI

from zetetic.agent import Budget
from zetetic.agent.llm.discipline import Rules
from zetetic.models.embedded import SMOLLM2, ensure
from zetetic.tools.chat import ChatError

from .desk import Desk, notes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (importlib.util.find_spec("fastapi") and importlib.util.find_spec("uvicorn")),
        reason="needs the packages that serve models: pip install fastapi uvicorn",
    ),
]
START_SECONDS = 180.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`transformers serve` with the embedded model; the name to ask for is the folder's."""
    folder = ensure(SMOLLM2)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("served") / "log"
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(folder)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream, env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(30)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"the server ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            httpx.get(url, timeout=2.0).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.5)
    pytest.fail(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


@pytest.mark.timeout(600)
def test_a_run_with_a_small_model_ends_honestly(desk: Desk, server: str) -> None:
    desk.rules = Rules(turns=2)
    desk.budget = Budget(queries=100, seconds=400.0)
    model = ChatOpenAI(
        base_url=server, api_key="any", model=str(ensure(SMOLLM2)), max_retries=0, timeout=200, max_completion_tokens=32
    )
    journal = desk.begin()
    explanation = desk.investigation(journal, [], model=model).run()
    assert explanation.outcome in ("explained", "not_better_than_baseline", "out_of_budget")
    assert notes(journal, "reply"), "nothing was said"
    assert journal.record().spend.tokens > 0


@pytest.mark.timeout(300)
def test_a_model_that_the_server_does_not_have_stops_the_run(desk: Desk, server: str) -> None:
    model = ChatOpenAI(base_url=server, api_key="any", model="no/such-model", max_retries=0, timeout=60)
    journal = desk.begin()
    with contextlib.suppress(ChatError):  # a server that was started with one model may answer with that for any name
        desk.investigation(journal, [], model=model).run()
    assert journal.record().status == "stopped" or notes(journal, "reply")

"""The shipped examples open and answer as their pages say."""

import importlib.util
import threading
from contextlib import closing
from pathlib import Path

import pytest

from zetetic.tools.black_boxes import open_box, responses

EXAMPLES = Path(__file__).parents[3] / "examples"


def ask(spec: str, points: list[tuple[float, ...]]) -> list[object]:
    with closing(open_box(spec)) as box:
        return [reply.value for reply in box.ask(points)]


def test_thermostat() -> None:
    spec = f"python:{EXAMPLES}/thermostat.py:reading"
    assert ask(spec, [(-10.0,), (0.0,), (11.9,), (15.0,), (30.0,)]) == [82.5, 60.0, pytest.approx(42.15), 10.0, 15.0]
    assert ask(f"python:{EXAMPLES}/thermostat.py:heating_hours", [(0.0,), (6.0,)]) == [6.0, 10.0]


def test_pendulum() -> None:
    assert ask(f"python:{EXAMPLES}/pendulum.py:period", [(1.0, 9.81)]) == [pytest.approx(2.006, abs=1e-3)]
    assert ask(f"python:{EXAMPLES}/pendulum.py:air_drag", [(10.0, 2.0)]) == [pytest.approx(36.0)]


def test_tide_gauge_is_noisy_and_repeatable() -> None:
    spec = f"python:{EXAMPLES}/tide_gauge.py:level"
    first = ask(spec, [(0.0,), (0.0,)])
    assert first == ask(spec, [(0.0,), (0.0,)])
    assert first[0] != first[1]
    assert first == [pytest.approx(2.1, abs=0.3)] * 2


def test_commuter() -> None:
    assert ask(f"command:{EXAMPLES}/commuter.py", [(7.0,), (8.0,), (0.0,)]) == [32.0, 52.0, 22.0]


def test_http_server() -> None:
    spec = importlib.util.spec_from_file_location("http_server_example", EXAMPLES / "http_server.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.serve(0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            values = ask(f"http://127.0.0.1:{server.server_port}/fuel", [(100.0,), (0.0,)])
        finally:
            server.shutdown()
            thread.join()
    assert values == [pytest.approx(6.2), None]


def test_text_module() -> None:
    def ask_texts(name: str, texts: list[str]) -> list[float]:
        with closing(open_box(f"python:{EXAMPLES}/text_module.py:{name}")) as box:
            assert box.signature.is_text_module
            return responses(box, texts).tolist()

    calm, pressing, blank = ask_texts("urgency", ["see you in spring", "Call me NOW! The deadline is today!", ""])
    assert calm == blank == 0.0
    assert pressing > 2
    assert ask_texts("weather", ["rain and storms", "a novel", ""]) == [2.2, 0.0, 0.0]
    assert ask_texts("hesitation", ["maybe", "maybe 3", "certainly"]) == [1.0, 0.5, 0.0]

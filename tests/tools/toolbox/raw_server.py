"""An MCP server in plain Python: quick to start, and as rude as a test wants. `--mode` names the rudeness."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

MODE = sys.argv[1] if len(sys.argv) > 1 else ""
STARTS = Path(sys.argv[2]) if len(sys.argv) > 2 else None
TEXT = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
NAMES = ["echo", "pid", "die", "sleep", "fail", "long", "picture", "noise", "config", "write.file", "env"]


def send(message: dict) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def text(said: str, failed: bool = False) -> dict:
    return {"content": [{"type": "text", "text": said}], "isError": failed}


def answer(name: str, arguments: dict) -> dict:
    match name:
        case "pid":
            return text(str(os.getpid()))
        case "die":
            os._exit(3)
        case "sleep":
            time.sleep(float(arguments["text"]))
            return text("slept")
        case "fail":
            return text("no such river; name one of Rhine, Aare", failed=True)
        case "long":
            return text("x" * 100_000)
        case "picture":
            return {"content": [{"type": "image", "data": "aGVsbG8=", "mimeType": "image/png"}], "isError": False}
        case "noise":
            print("this is no protocol", flush=True)
            print('{"jsonrpc": "2.0", "id": 99999, "result": {}}', flush=True)
            return text("after the noise")
        case "config":
            return text(json.dumps(arguments))
        case "env":
            return text(json.dumps(sorted(os.environ)))
        case _:
            return text(f"{name} {arguments.get('text')}")


def handle(message: dict) -> None:
    method, id = message.get("method"), message.get("id")
    if id is None:
        return
    if method == "initialize":
        version = message["params"]["protocolVersion"]
        result = {"protocolVersion": version, "capabilities": {"tools": {}}}
        send({"jsonrpc": "2.0", "id": id, "result": result | {"serverInfo": {"name": "raw", "version": "1"}}})
    elif method == "tools/list":
        tools = [{"name": n, "description": f"The tool {n}. " * 200, "inputSchema": TEXT} for n in NAMES]
        send({"jsonrpc": "2.0", "id": id, "result": {"tools": tools}})
    elif method == "tools/call":
        params = message["params"]
        send({"jsonrpc": "2.0", "id": id, "result": answer(params["name"], params.get("arguments") or {})})
    elif method == "ping":
        send({"jsonrpc": "2.0", "id": id, "result": {}})
    else:
        send({"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": f"no method {method}"}})


def main() -> None:
    if STARTS is not None:
        with STARTS.open("a") as file:
            file.write(f"{os.getpid()}\n")
    if MODE == "dies":
        sys.exit("the licence has run out")
    if MODE == "garbage":
        print("Welcome to my server!\n" * 3, flush=True)
    if MODE in ("garbage", "mute"):
        time.sleep(60)
    if MODE == "dies_again" and STARTS is not None and len(STARTS.read_text().split()) > 1:
        sys.exit("I start but once")
    if MODE == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    for line in sys.stdin:
        handle(json.loads(line))
    if MODE == "stubborn":
        time.sleep(60)


main()

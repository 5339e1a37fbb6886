"""An HTTP black box on this machine: the fuel a car burns, in litres per 100 km, at a speed in km/h.

    python examples/http_server.py 8321 &
    zetetic explain http://127.0.0.1:8321/fuel --domain=0:200

It speaks the batch form, `{"inputs": [[80.0]]}` → `{"outputs": [5.3]}`; an input it refuses becomes an error of
that item alone, the rest is answered.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def fuel(speed_km_h: float) -> float:
    """2 litres for idling along, a part that falls with speed and one that grows with its square."""
    if speed_km_h <= 0:
        raise ValueError("the car stands still")
    return 2.0 + 120.0 / speed_km_h + 0.0003 * speed_km_h**2


class Endpoint(BaseHTTPRequestHandler):
    """Answers POST with JSON."""

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        try:
            inputs = json.loads(self.rfile.read(length))["inputs"]
        except (ValueError, KeyError, TypeError):
            self._send(400, {"error": 'expected {"inputs": [[x], …]}'})
            return
        self._send(200, {"outputs": [answer(point) for point in inputs]})

    def _send(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def answer(point: list[float]) -> object:
    """A number, or `{"error": …}`."""
    try:
        return fuel(*point)
    except (ValueError, TypeError) as error:
        return {"error": str(error)}


def serve(port: int) -> ThreadingHTTPServer:
    """A server on loopback; port 0 takes a free one (`server.server_port`)."""
    return ThreadingHTTPServer(("127.0.0.1", port), Endpoint)


if __name__ == "__main__":
    with serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8321) as server:
        print(f"http://127.0.0.1:{server.server_port}/fuel", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")

"""Plotly's JavaScript as it travels inside a page: gzip, then base64, unpacked by the browser."""

from __future__ import annotations

import base64
import gzip
import hashlib
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _source() -> bytes:
    return files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()


@lru_cache(maxsize=1)
def packed_plotly() -> str:
    """About 2 MB of base64 in place of 4.8 MB of JavaScript; the same text every time."""
    return base64.b64encode(gzip.compress(_source(), compresslevel=9, mtime=0)).decode("ascii")


def script_hash(source: bytes) -> str:
    """The name by which a content security policy lets exactly this script run."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(source).digest()).decode("ascii") + "'"


def policy(script: str) -> str:
    """Only `script` and plotly may run, and nothing may be fetched from anywhere."""
    hashes = f"{script_hash(script.encode())} {_plotly_hash()}"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def _plotly_hash() -> str:
    return script_hash(_source())

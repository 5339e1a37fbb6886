"""The portable sandbox: CPython compiled to WebAssembly, in processes that can be killed.

A guest has no host files, no network, no processes and no threads, by construction: there is nothing in its world
to ask for them. Needs the extra `wasm`.
"""

from .backend import open_sandbox

__all__ = ["open_sandbox"]

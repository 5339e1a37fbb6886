"""What every sandbox must do, as checks that any backend can be put through; no test framework needed.

>>> from zetetic.sandboxes.contract import run_contract
>>> for check in run_contract(open_my_sandbox):  # a function from Limits to a Sandbox
...     print("ok  " if check.passed else "FAIL", check.name, check.detail)
"""

from __future__ import annotations

from .checks import Check
from .run import run_contract

__all__ = ["Check", "run_contract"]

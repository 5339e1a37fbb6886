"""Hostile snippets: what they are, where they come from, how their placeholders are filled in."""

from __future__ import annotations

import ast
import json
import os
import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


@dataclass(frozen=True, slots=True)
class Attack:
    """Code that defines `f`, called with 1.0 and with 2.0, and the clauses that must hold afterwards.

    The clauses: `contained`; `status:a|b` every outcome is one of ok, error, killed, timeout, protocol, unser;
    `no_text:S` no result, message, traceback or log holds S; `values:[…]` exactly these, types included;
    `not_values:[…]`; `partial:[err,4.0]` which inputs fail, and what the others give; `deterministic` twice the
    same; `host_rss<=100MB`, `disk<=200MB`, `host_cpu<=2` seconds. A clause after `isolated:` is asked of
    sandboxes of that level alone.
    """

    name: str
    category: str
    code: str
    must_hold: tuple[str, ...]

    @property
    def dangerous(self) -> bool:
        """Whether it would hit every process of its user if nothing held it: it is run only behind a probe."""
        return self.name in {"kill_minus_one", "killpg_zero", "own_kill_everyone", "own_fork_bomb"}

    @property
    def patient(self) -> bool:
        """Whether it strikes later, after its call has come back."""
        return "{MARKER}" in self.code and ("sleep" in self.code or "timer" in self.code)


def data_folder() -> Path:
    return Path(os.environ.get("ZETETIC_DATA") or ROOT.parent / "shared" / "data")


def given() -> list[Attack]:
    """The snippets of `attacks.json`; none where the benchmark data is absent."""
    path = data_folder() / "attacks.json"
    if not path.is_file():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [Attack(r["name"], r["category"], r["code"], tuple(r["must_hold"])) for r in rows]


def own() -> list[Attack]:
    """The snippets beside this file: in each `own/CATEGORY.py`, name → (clauses, code)."""
    found = []
    for path in sorted((HERE / "own").glob("*.py")):
        module = runpy.run_path(str(path))
        for name, (clauses, code) in module["ATTACKS"].items():
            text = module.get("PREAMBLE", "") + code.lstrip("\n")
            held = ("contained", *(c for c in clauses.split("; ") if c))
            found.append(Attack(f"own_{name}", path.stem, text, held))
    return found


def every() -> dict[str, Attack]:
    return {attack.name: attack for attack in (*given(), *own())}


def fill(code: str, places: Mapping[str, object]) -> str:
    """`code` with its placeholders replaced. Other braces stay as they are."""
    for name, value in places.items():
        code = code.replace("{" + name + "}", str(value))
    return code


def syntax(code: str) -> str:
    """Why filled-in code is no Python; empty if it is."""
    try:
        ast.parse(code)
    except (SyntaxError, ValueError) as error:
        return str(error)
    return ""

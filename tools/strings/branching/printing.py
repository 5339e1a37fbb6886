"""The code of programs that are put together from others: their functions side by side, names kept apart."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Sequence

from ..types import Gives, Pair, Program


def branch_code(cases: Sequence[tuple[str, Program]], usual: Program, gives: Gives) -> str:
    """`if CONDITION: …` for each of `cases` in order, else `usual`; each condition is an expression in `text`."""
    sheet = _Sheet()
    bodies = [sheet.add(program, name, gives) for (_, program), name in zip(cases, _names(len(cases)))]
    usually = sheet.add(usual, "usual", gives)
    lines = ["def explained(text):"]
    for (condition, _), body in zip(cases, bodies):
        lines += [f"    if {condition}:", f"        {body}"]
    lines.append(f"    {usually}")
    return sheet.text("\n".join(lines))


def table_code(usual: Program, listed: Sequence[Pair], gives: Gives) -> str:
    """A look-up of listed texts before `usual`."""
    sheet = _Sheet()
    usually = sheet.add(usual, "usual", gives)
    rows = "".join(f"    {t!r}: {_value(r, gives)},\n" for t, r in listed)
    body = "def explained(text):\n    if text in LISTED:\n"
    if any(r is None for _, r in listed):
        body += '        if LISTED[text] is None:\n            raise ValueError("the black box fails on such a text")\n'
    body += f"        return LISTED[text]\n    {usually}"
    return f"LISTED = {{\n{rows}}}\n\n\n" + sheet.text(body)


def _value(reply: str | None, gives: Gives) -> str:
    return reply if gives == "number" and reply is not None and reply.lstrip("-").isdigit() else repr(reply)


def _names(count: int) -> list[str]:
    return ["exception"] if count == 1 else [f"exception_{k + 1}" for k in range(count)]


class _Sheet:
    """Functions of several programs on one sheet: the same one once, different ones of one name kept apart."""

    def __init__(self) -> None:
        self._parts: dict[str, str] = {}

    def add(self, program: Program, name: str, gives: Gives) -> str:
        """Put the program on the sheet; the statement that ends with its answer, in a function of `text`."""
        source = program.code(gives)
        parts = _top_level(source)
        single = _single_statement(parts.get("explained", ""))
        renames = {"explained": name}
        for part, text in parts.items():
            if part != "explained" and self._parts.get(part, text) != text:
                renames[part] = next(n for k in range(2, 99) if (n := f"{part}_{k}") not in self._parts)
        for part, text in parts.items():
            if part == "explained" and single is not None:
                continue
            self._parts[renames.get(part, part)] = _renamed(text, renames)
        if single is not None:
            return _renamed(single, renames)
        return f"return {name}(text)"

    def text(self, last: str) -> str:
        """The whole sheet, constants and imports first."""
        values = list(self._parts.values())
        plain = [v for v in values if not v.startswith(("def ", "class ", "@"))]
        functions = [v for v in values if v.startswith(("def ", "class ", "@"))]
        plain.sort(key=lambda v: not v.startswith(("import ", "from ")))
        head = "\n".join(plain)
        return "\n\n\n".join([*([head] if head else []), *functions, last]) + "\n"


def _top_level(source: str) -> dict[str, str]:
    """The statements of a module by what they define, in order; others by their own text."""
    lines = source.splitlines()
    found: dict[str, str] = {}
    end = 0
    for node in ast.parse(source).body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        leading = [line for line in lines[end : first - 1] if line.startswith("#")]
        text = "\n".join([*leading, *lines[first - 1 : node.end_lineno]])
        end = node.end_lineno or first
        found[_name_of(node) or text] = text
    return found


def _name_of(node: ast.stmt) -> str | None:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return node.name
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return None


def _single_statement(source: str) -> str | None:
    """The only statement of a function of `text`, on one line; None for longer ones."""
    lines = [line for line in source.splitlines() if line.strip()]
    if (
        len(lines) == 2
        and lines[0].startswith("def explained(text)")
        and not lines[1].strip().startswith(("if ", "for "))
    ):
        return lines[1].strip()
    return None


def _renamed(source: str, renames: dict[str, str]) -> str:
    """`source` with those names replaced, wherever they stand as names of their own."""
    if not any(name in source for name in renames):
        return source
    lines = source.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for k in range(len(tokens) - 1, -1, -1):
        token = tokens[k]
        if token.type != tokenize.NAME or token.string not in renames:
            continue
        if (k and tokens[k - 1].string == ".") or (tokens[k + 1].string == "=" and k and tokens[k - 1].string in "(,"):
            continue
        row, start = token.start
        line = lines[row - 1]
        lines[row - 1] = line[:start] + renames[token.string] + line[start + len(token.string) :]
    return "".join(lines)

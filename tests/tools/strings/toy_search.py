"""A search over a handful of operations and their compositions of two, to test what is built on a search."""

from __future__ import annotations

from dataclasses import dataclass

from zetetic.tools.strings.types import Near, Search, consistent, right_on

OPERATIONS = {
    "reverses the text": "text[::-1]",
    "turns it into capitals": "text.upper()",
    "doubles the text": "text + text",
    "sorts the characters": '"".join(sorted(text))',
    "takes the fourth character": "text[3]",
    "drops the first character": "text[1:]",
    "gives the length": "str(len(text))",
    'appends "!"': 'text + "!"',
    "removes vowels": '"".join(c for c in text if c not in "aeiou")',
}
FUNCTIONS = {name: eval(f"lambda text: {code}") for name, code in OPERATIONS.items()}


@dataclass(frozen=True)
class Toy:
    names: tuple[str, ...]

    @property
    def size(self):
        return 5.0 * len(self.names)

    def __call__(self, text):
        try:
            for name in self.names:
                text = FUNCTIONS[name](text)
        except IndexError:
            return None
        return text

    def code(self, gives="text"):
        functions = [f"def step_{k}(text):\n    return {OPERATIONS[n]}" for k, n in enumerate(self.names)]
        call = "text"
        for k in range(len(self.names)):
            call = f"step_{k}({call})"
        call = f"int({call})" if gives == "number" else call
        return "\n\n\n".join([*functions, f"def explained(text):\n    return {call}"]) + "\n"

    def sentence(self):
        said = ", then ".join(self.names)
        return f"{said[:1].upper()}{said[1:]}."

    def steps(self):
        return self.names


PROGRAMS = [Toy((a,)) for a in OPERATIONS] + [Toy((a, b)) for a in OPERATIONS for b in OPERATIONS]


def toy_search(pairs, *, seconds, keep=12, depth=3, resume=()):
    found = [p for p in PROGRAMS if consistent(p, pairs)]
    near = sorted((Near(p, right_on(p, pairs)) for p in PROGRAMS), key=lambda n: -len(n.right))
    return Search(tuple(found[:keep]), tuple(n for n in near[:keep] if 2 * len(n.right) > len(pairs)), 2, True, 0.0)

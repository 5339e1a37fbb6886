"""What can be asked of a text before it is changed: conditions, as code, in words, with what they cost."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

_CHARACTER_BITS = 7.0
_MOST_CHARACTERS = 60
_MOST_PAIRS = 60


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition on a text.

    `code` is an expression in `text`, from which the truth is computed. `said` follows "texts that" ("contain a
    digit"), `denied` is its negation in the same place. `bits`: what naming it costs.
    """

    code: str
    said: str
    denied: str
    bits: float = field(compare=False)

    def __call__(self, text: str) -> bool:
        return bool(_compiled(self.code)(text))

    def negated(self) -> Predicate:
        """The same condition the other way round."""
        code = self.code.removeprefix("not ") if self.code.startswith("not ") else _negation(self.code)
        return Predicate(code, self.denied, self.said, self.bits + 0.5)


_OPPOSITES = {" == ": " != ", " != ": " == ", " < ": " >= ", " >= ": " < ", " not in ": " in ", " in ": " not in "}


def _negation(code: str) -> str:
    """`not (…)`, written as people do where it is one comparison."""
    parts = [op for op in _OPPOSITES if op in code and " and " not in code]
    parts = parts[:1] if parts[:1] == [" not in "] else parts
    if len(parts) == 1 and code.count(parts[0]) == 1 and "(c" not in code and " for " not in code:
        return code.replace(parts[0], _OPPOSITES[parts[0]])
    simple = (code.endswith(")") and code.count("(") == 1) or code.startswith(("any(", "all("))
    return f"not {code}" if simple else f"not ({code})"


@lru_cache(maxsize=4096)
def _compiled(code: str) -> Callable[[str], object]:
    return eval(f"lambda text: {code}", {})  # type: ignore[no-any-return]  # our own expressions only


def predicates(texts: Sequence[str]) -> list[Predicate]:
    """All conditions that some of `texts` meet and some do not, the cheapest first; each has its negation beside it."""
    found: dict[str, Predicate] = {}
    for p in _all(texts):
        found.setdefault(p.code, p)
    telling = [p for p in found.values() if 0 < sum(map(p, texts)) < len(texts)]
    both = [q for p in telling for q in (p, p.negated())]
    return sorted(both, key=lambda p: p.bits)


def _all(texts: Sequence[str]) -> Iterator[Predicate]:
    yield from _plain()
    yield from _of_length(texts)
    yield from _of_characters(texts)
    yield from _of_counts(texts)
    yield from _of_words(texts)


_KINDS = (
    ("isdigit", "a digit"),
    ("isupper", "a capital letter"),
    ("islower", "a small letter"),
    ("isalpha", "a letter"),
    ("isspace", "a space"),
    ("isalnum", "a letter or digit"),
)
_ENDS = (("text[:1]", "begin with"), ("text[-1:]", "end with"))


def _plain() -> Iterator[Predicate]:
    """Conditions without a parameter; those that people use most cost least."""
    for kind, name, bits in (("isdigit", "a digit", 4), ("isupper", "a capital letter", 5), ("isspace", "a space", 5)):
        yield Predicate(f"any(c.{kind}() for c in text)", f"contain {name}", f"contain no {name[2:]}", bits)
    yield Predicate("any(c.islower() for c in text)", "contain a small letter", "contain no small letter", 6)
    yield Predicate("any(c.isalpha() for c in text)", "contain a letter", "contain no letter", 5)
    yield Predicate(
        "all(c.isalpha() for c in text)", "consist of letters only", "contain something that is not a letter", 5
    )
    yield Predicate(
        "any(not c.isalnum() and not c.isspace() for c in text)",
        "contain a punctuation mark",
        "contain no punctuation mark",
        5,
    )
    yield Predicate('any(c in "aeiouAEIOU" for c in text)', "contain a vowel", "contain no vowel", 5)
    hyphens = 'any(c in "-_" for c in text)'
    yield Predicate(hyphens, "contain a hyphen or an underscore", "contain neither a hyphen nor an underscore", 7)
    stop = 'text and text[-1] in ".!?"'
    yield Predicate(stop, "end like a sentence (., ! or ?)", "do not end with ., ! or ?", 5.5)
    yield Predicate("text.istitle()", "are written as a title", "are not written as a title", 7)
    yield Predicate("text.isascii()", "hold only ASCII characters", "hold a character beyond ASCII", 6)
    for end, word in _ENDS:
        at = "text[0]" if end == "text[:1]" else "text[-1]"
        yield Predicate(f'text and {at} in "aeiouAEIOU"', f"{word} a vowel", f"do not {word} a vowel", 4.5)
        yield Predicate(f'text and {at} in "aeiou"', f"{word} a small vowel", f"do not {word} a small vowel", 7)
        consonant = f'text and {at}.lower() in "bcdfghjklmnpqrstvwxyz"'
        yield Predicate(consonant, f"{word} a consonant", f"do not {word} a consonant", 5.5)
        mark = f"text and not {at}.isalnum() and not {at}.isspace()"
        yield Predicate(mark, f"{word} a punctuation mark", f"do not {word} a punctuation mark", 6)
        for kind, name in _KINDS:
            yield Predicate(f"{end}.{kind}()", f"{word} {name}", f"do not {word} {name}", 5.5)
    yield Predicate("text.isupper()", "are in capitals", "are not in capitals", 5)
    yield Predicate("text.islower()", "have no capital letters", "have capital letters, or no letters", 5.5)
    for kind, name in (("isalpha", "letters"), ("isalnum", "letters and digits")):
        other = f"are empty or hold something else than {name}"
        yield Predicate(f"text.{kind}()", f"hold {name} and nothing else", other, 5.5)
    yield Predicate("text.isdigit()", "are digits only", "are not digits only", 5)
    yield Predicate("text == text[::-1]", "are palindromes", "are not palindromes", 5)
    yield Predicate(
        "text[:1] == text[-1:]", "begin and end with the same character", "begin and end with different characters", 5.5
    )
    yield Predicate("len(set(text)) == len(text)", "repeat no character", "repeat a character", 5.5)
    yield Predicate(
        "any(a == b for a, b in zip(text, text[1:]))",
        "hold the same character twice in a row",
        "never hold the same character twice in a row",
        6,
    )
    yield Predicate("list(text) == sorted(text)", "have their characters in order", "have characters out of order", 6)
    yield Predicate("text != text.strip()", "have spaces at an end", "have no spaces at their ends", 6)


def _of_length(texts: Sequence[str]) -> Iterator[Predicate]:
    yield Predicate("len(text) % 2 == 0", "have an even length", "have an odd length", 4)
    yield Predicate("not text", "are empty", "are not empty", 3)
    yield Predicate("len(text) % 3 == 0", "have a length divisible by 3", "have a length not divisible by 3", 7)
    lengths = sorted({len(t) for t in texts})
    for n in lengths:
        yield Predicate(
            f"len(text) == {n}", f"have exactly {_characters(n)}", f"do not have {_characters(n)}", 5 + _number_bits(n)
        )
    for below, n in pairwise(lengths):
        for threshold in {below + 1, n}:
            yield Predicate(
                f"len(text) < {threshold}",
                f"are shorter than {_characters(threshold)}",
                f"have {_characters(threshold)} or more",
                4 + _number_bits(threshold) + (0.1 if threshold != n else 0.0),
            )


def _of_characters(texts: Sequence[str]) -> Iterator[Predicate]:
    counted = Counter(c for text in texts for c in set(text))
    for c, _ in counted.most_common(_MOST_CHARACTERS):
        shown = repr(c)
        yield Predicate(f"{shown} in text", f"contain {quoted(c)}", f"do not contain {quoted(c)}", 2 + _CHARACTER_BITS)
    pairs = Counter(two for text in texts for two in {text[k : k + 2] for k in range(len(text) - 1)})
    for two, count in pairs.most_common(_MOST_PAIRS):
        if count > 1:
            bits = 2 + 2 * _CHARACTER_BITS
            yield Predicate(f"{two!r} in text", f"contain {quoted(two)}", f"do not contain {quoted(two)}", bits)
    either = Counter(c for text in texts for c in set(text.lower()) if c.isalpha() and c.isascii())
    for c, _ in either.most_common(26):
        yield Predicate(
            f"{c!r} in text.lower()", f"contain {quoted(c)} or {quoted(c.upper())}",
            f"contain neither {quoted(c)} nor {quoted(c.upper())}", 3 + _CHARACTER_BITS,
        )  # fmt: skip
    for end, word in _ENDS:
        method = "startswith" if end == "text[:1]" else "endswith"
        for c in sorted({(t[:1] if end == "text[:1]" else t[-1:]) for t in texts if t}):
            yield Predicate(
                f"text.{method}({c!r})", f"{word} {quoted(c)}", f"do not {word} {quoted(c)}", 2.5 + _CHARACTER_BITS
            )
            if c.isalpha() and c.isascii():
                low = c.lower()
                yield Predicate(
                    f"text.lower().{method}({low!r})",
                    f"{word} {quoted(low)} or {quoted(low.upper())}",
                    f"{word} neither {quoted(low)} nor {quoted(low.upper())}",
                    3.5 + _CHARACTER_BITS,
                )
    halves = Counter(c.lower() for t in texts for c in t[:1] if c.isalpha() and c.isascii())
    for c in sorted(halves):
        yield Predicate(
            f"text[:1].lower() < {c!r}", f"begin before {quoted(c)} in the alphabet",
            f"begin with {quoted(c)} or later in the alphabet", 6 + _CHARACTER_BITS,
        )  # fmt: skip


def _of_counts(texts: Sequence[str]) -> Iterator[Predicate]:
    vowels = 'sum(c in "aeiouAEIOU" for c in text)'
    counts = sorted({sum(c in "aeiouAEIOU" for c in t) for t in texts})
    yield Predicate(f"{vowels} % 2 == 0", "have an even number of vowels", "have an odd number of vowels", 7)
    yield Predicate(
        f"2 * {vowels} > sum(c.isalpha() for c in text)",
        "have more vowels than consonants",
        "do not have more vowels than consonants",
        9,
    )
    for n in counts[1:]:
        yield Predicate(
            f"{vowels} >= {n}",
            f"have {_many(n, 'vowel')} or more",
            f"have fewer than {_many(n, 'vowel')}",
            7 + _number_bits(n),
        )
    for kind, name in (("isdigit", "digit"), ("isupper", "capital letter")):
        for n in sorted({sum(getattr(c, kind)() for c in t) for t in texts} - {0, 1}):
            yield Predicate(
                f"sum(c.{kind}() for c in text) >= {n}", f"have {_many(n, name)} or more",
                f"have fewer than {_many(n, name)}", 7 + _number_bits(n),
            )  # fmt: skip
    distinct = sorted({len(set(t)) for t in texts})
    for n in distinct[1:]:
        yield Predicate(
            f"len(set(text)) < {n}", f"have fewer than {n} different characters",
            f"have {n} different characters or more", 8 + _number_bits(n),
        )  # fmt: skip


def _of_words(texts: Sequence[str]) -> Iterator[Predicate]:
    for n in sorted({len(t.split()) for t in texts} - {0}):
        if n > 1:
            yield Predicate(
                f"len(text.split()) >= {n}",
                f"have {n} words or more",
                f"have fewer than {n} words",
                6 + _number_bits(n),
            )
    yield Predicate("len(text.split()) % 2 == 0", "have an even number of words", "have an odd number of words", 8)


def quoted(text: str) -> str:
    """`text` in the quotes that read best."""
    if text == " ":
        return "a space"
    return f'"{text}"' if '"' not in text and text.isprintable() else repr(text)


def _characters(n: int) -> str:
    return _many(n, "character")


def _many(n: int, noun: str) -> str:
    return f"{n} {noun}" + ("" if n == 1 else "s")


def _number_bits(n: int) -> float:
    return 2.0 + math.log2(n + 1.0)

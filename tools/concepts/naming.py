"""What a name means that can be counted: a known one, a word as such, words with a prefix or an ending."""

from __future__ import annotations

import re

from .literal import exact_mentions, string_mentions, word_mentions, words_beginning, words_ending
from .names import MEASURES
from .nodes import Measure

_ARTICLE = re.compile(r"^(?:an?|the|any|some|its|their)\s+")
_NAMED = re.compile(
    r"^(?:the )?(?P<kind>exact word|word|words|term|phrase|expression|name|string|substring|character|digit|"
    r"characters|symbol|sign|letter|letters|letter sequence)s? +(?P<what>⟦\d+⟧|\S+(?: \S+)?)$"
)
_AFFIX = re.compile(
    r"^words? (?:that |which )?(?P<side>begin|start|end)(?:s|ning|ning|ting|ing)? (?:with|in|on)"
    r"(?: the)?(?: letters?| prefix| suffix| syllable)? -?(?P<what>⟦\d+⟧|\w+)-?$"
)


def measure_named(name: str, quotes: tuple[str, ...] = ()) -> Measure | None:
    """The measure that `name` means, or None. `⟦0⟧` in it stands for the first of `quotes`."""
    name = _ARTICLE.sub("", name.strip())
    if name in MEASURES:
        return MEASURES[name]
    if match := _AFFIX.match(name):
        what = unquoted(match["what"], quotes)
        begins = match["side"] != "end"
        side = "beginning with" if begins else "ending in"
        function = words_beginning if begins else words_ending
        return Measure(f"word {side} “{what}”", f"words {side} “{what}”", function, (what,))
    if match := _NAMED.match(name):
        return _literal(match["kind"], unquoted(match["what"], quotes))
    if re.fullmatch(r"⟦\d+⟧s?", name):
        return _literal("word", unquoted(name.rstrip("s"), quotes))
    return None


def _literal(kind: str, what: str) -> Measure:
    if not re.search(r"\w", what) or kind.startswith(
        ("character", "digit", "symbol", "sign", "string", "substring", "letter")
    ):
        kind = kind.rstrip("s") if re.search(r"\w", what) else "character"
        return Measure(f"the {kind} “{what}”", f"times the {kind} “{what}”", string_mentions, (what,))
    if kind == "exact word":
        return Measure(f"the exact word “{what}”", f"times the exact word “{what}”", exact_mentions, (what,))
    kind = "phrase" if " " in what else "word"
    return Measure(f"the {kind} “{what}”", f"times the {kind} “{what}”", word_mentions, (what,))


def unquoted(text: str, quotes: tuple[str, ...]) -> str:
    """`text` with its placeholders filled in."""
    return re.sub(r"⟦(\d+)⟧", lambda m: quotes[int(m[1])], text)

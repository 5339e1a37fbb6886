"""How many: "at least two numbers", "longer than 20 words", "no commas", "several questions"."""

from __future__ import annotations

import re
from collections.abc import Callable

from .naming import measure_named
from .nodes import Counted, Measure, Much
from .phrasing import HAS, IS, SAYS
from .types import Concept

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_NUMBERS = {word: i for i, word in enumerate(_SMALL)} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "eighty": 80,
    "ninety": 90,
    "a hundred": 100,
    "one hundred": 100,
    "two hundred": 200,
    "a dozen": 12,
    "twenty-five": 25,
    "a couple of": 2,
    "a pair of": 2,
    "once": 1,
    "twice": 2,
    "a thousand": 1000,
}
_N = r"(?P<n>\d+(?:\.\d+)?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_M = r"(?P<m>\d+|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_LENGTHS = {"words", "characters", "sentences", "lines"}

Bounds = tuple[float | None, float | None]
_RULES: tuple[tuple[re.Pattern[str], Callable[[float, float], Bounds]], ...] = tuple(
    (re.compile(f"^{pattern} (?P<what>.+)$"), bounds)
    for pattern, bounds in (
        (rf"(?:between|from) {_N} (?:and|to) {_M}", lambda n, m: (n, m)),
        (rf"(?:strictly )?(?:more|greater|longer|larger|higher) than {_N}", lambda n, m: (n + 1, None)),
        (rf"(?:over|above|upwards of|exceeding) {_N}", lambda n, m: (n + 1, None)),
        (rf"{_N} or more", lambda n, m: (n, None)),
        (rf"(?:at least|no (?:fewer|less) than|not (?:fewer|less) than|a minimum of) {_N}", lambda n, m: (n, None)),
        (rf"{_N}\+", lambda n, m: (n, None)),
        (rf"(?:strictly )?(?:fewer|less|shorter|smaller|lower) than {_N}", lambda n, m: (None, n - 1)),
        (rf"(?:under|below) {_N}", lambda n, m: (None, n - 1)),
        (
            rf"(?:at most|no (?:more|longer) than|not (?:more|longer) than|up to|a maximum of) {_N}",
            lambda n, m: (None, n),
        ),
        (rf"{_N} or (?:fewer|less)", lambda n, m: (None, n)),
        (rf"(?:exactly|precisely|just|only) {_N}", lambda n, m: (n, n)),
        (rf"{_N} (?:to|-|–) {_M}", lambda n, m: (n, m)),
        (r"(?:only|just|exactly) (?:a single|a|an)", lambda n, m: (1, 1)),
        (r"(?:a single|a lone)", lambda n, m: (1, 1)),
        (r"(?:several|multiple|various|numerous)", lambda n, m: (2, None)),
        (r"(?:one or more|at least an?|at least some|any|some|an?|the)", lambda n, m: (1, None)),
        (rf"{_N}", lambda n, m: (n, None)),
    )
)
_MANY = re.compile(
    r"^(?:very )?(?:many|lots of|a lot of|plenty of|a (?:large|high|great) (?:number|amount|share|proportion) of|"
    r"frequent|a large amount of|heavy use of|lots and lots of|mostly|mainly|full of) (?P<what>.+)$"
)
_FEW = re.compile(r"^(?:very )?(?:few|hardly any|little|a (?:low|small) number of) (?P<what>.+)$")
_TAIL = re.compile(r" (?:long|in length|in total|altogether|overall|in it|in the text|inside|anywhere|somewhere)$")


def quantity(phrase: str, quotes: tuple[str, ...] = ()) -> Concept | None:
    """The concept of a count that the phrase means, or None."""
    rest = re.sub(rf"^(?:{IS}|{HAS}|{SAYS}) +", "", phrase)
    rest = _TAIL.sub("", re.sub(r"^(?:a (?:total )?(?:length|number|count) of|of|text of|made (?:up )?of) +", "", rest))
    rest = re.sub(r"^words? in length$", "words", rest)
    for pattern, bounds in _RULES:
        match = pattern.match(rest)
        measure = measure_named(_TAIL.sub("", match["what"]), quotes) if match else None
        if match and measure is not None:
            groups = match.groupdict()
            n, m = _number(groups.get("n")), _number(groups.get("m"))
            least, most = bounds(n, m)
            if pattern is _RULES[-1][0] and measure.many in _LENGTHS and n > 1:
                most = least  # "is 20 words long" says exactly; "contains two numbers" may say at least
            return counted(measure, least, most)
    for pattern, little in ((_MANY, False), (_FEW, True)):
        match = pattern.match(rest)
        measure = measure_named(match["what"], quotes) if match else None
        if measure is not None:
            return much(measure, little=little)
    times = re.match(rf"^(?P<what>.+?) (?:at least |more than |exactly )?{_N}(?: times)?(?: or more)?$", rest)
    if (
        times
        and (measure := measure_named(times["what"], quotes)) is not None
        and ("times" in rest or "ce" in times["n"])
    ):
        n = _number(times["n"]) + (1 if "more than" in rest else 0)
        return counted(measure, n, n if "exactly" in rest else None)
    measure = measure_named(rest, quotes)
    if measure is None or (rest == phrase and rest in ("words", "sentences", "characters", "lines")):
        return None
    plural = rest == measure.many and rest != measure.one and not measure.arguments
    return counted(measure, 1 + (plural and rest in _LENGTHS), None)


def counted(measure: Measure, least: float | None, most: float | None) -> Concept:
    """A count within bounds, with its description."""
    return Counted(_described(measure, least, most), measure, least, most)


def much(measure: Measure, *, little: bool = False) -> Concept:
    """Many or few of something. What counts as many: 20 words, 100 characters, 3 of anything else."""
    middle = {"words": 20.0, "characters": 100.0}.get(measure.many, 2.5)
    return Much(f"contains {'few' if little else 'many'} {measure.many}", measure, middle, little)


def _described(measure: Measure, least: float | None, most: float | None) -> str:
    length = measure.many in ("words", "characters")
    if measure.arguments and least == 1 and most is None:
        return f"contains {measure.one if measure.one.startswith('the ') else f'{_article(measure.one)} {measure.one}'}"
    times = measure.many.removeprefix("times ")
    named = f"{times} {{}} times" if measure.many.startswith("times ") else "{} " + measure.many
    if least is not None and most is not None:
        if least == most:
            one = f"exactly one {measure.one}" if least == 1 and "{} " + measure.many == named else None
            return f"contains {one or named.format(f'exactly {_said(least)}')}"
        return f"contains {named.format(f'{_said(least)} to {_said(most)}')}"
    if least is not None:
        if length:
            return f"is longer than {least - 1:g} {measure.many}"
        if least == 1:
            return f"contains {_article(measure.one)} {measure.one}"
        return f"contains {named.format(f'at least {_said(least)}')}"
    assert most is not None
    if most == 0:
        return f"contains no {measure.many}" if not measure.arguments else f"does not contain {measure.one}"
    return (
        f"is shorter than {most + 1:g} {measure.many}"
        if length
        else f"contains {named.format(f'at most {_said(most)}')}"
    )


def _number(said: str | None) -> float:
    if not said:
        return 1.0
    return float(_NUMBERS[said]) if said in _NUMBERS else float(said)


def _said(number: float) -> str:
    return _SMALL[int(number)] if number == int(number) and 0 <= number <= 12 else f"{number:g}"


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeioAEI@" and not noun.startswith(("one", "eu")) else "a"

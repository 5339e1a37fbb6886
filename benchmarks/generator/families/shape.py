"""Parts of texts, texts written several times, texts made longer or shorter."""

from __future__ import annotations

import random

from ..step import Step, family_list
from .places import TIMES, characters, common_letter, literal, some_mark


def take_part(rng: random.Random) -> Step:
    count = rng.randint(1, 6)
    piece, says = rng.choice(
        [
            ("string[:count]", f"keeps the first {characters(count)}"),
            ("string[-count:]", f"keeps the last {characters(count)}"),
            ("string[count:]", f"drops the first {characters(count)}"),
            ("string[:-count]", f"drops the last {characters(count)}"),
        ]
    )
    return Step(says, f"return {piece}", {"count": count})


def take_half(rng: random.Random) -> Step:
    first = rng.random() < 0.5
    piece = "string[:middle]" if first else "string[middle:]"
    return Step(f"keeps the {'first' if first else 'second'} half", f"middle = len(string) // 2\nreturn {piece}")


def take_both_ends(rng: random.Random) -> Step:
    count = rng.randint(1, 3)
    mark = rng.choice(["", "-", ".."])
    body = "return string[:count] + mark + string[-count:]"
    joined = f", with {mark!r} between" if mark else ""
    return Step(f"keeps the first and the last {characters(count)}{joined}", body, {"count": count, "mark": mark})


def strip_ends(rng: random.Random) -> Step:
    return Step("drops the first and the last character", "return string[1:-1]")


def repeat(rng: random.Random) -> Step:
    times, mark = rng.choice([2, 2, 3]), rng.choice(["", "", " ", "-", "/"])
    joined = f" with {mark!r} between" if mark else ""
    return Step(
        f"writes the text {TIMES[times]}{joined}", "return mark.join([string] * times)", {"times": times, "mark": mark}
    )


def mirror(rng: random.Random) -> Step:
    mark = rng.choice(["", "", "|", " "])
    body = "return string[::-1] + mark + string" if rng.random() < 0.3 else "return string + mark + string[::-1]"
    where = "in front of" if "[::-1] + mark" in body else "behind"
    joined = f", with {mark!r} between" if mark else ""
    return Step(f"writes the text backwards {where} itself{joined}", body, {"mark": mark})


def repeat_start(rng: random.Random) -> Step:
    count = rng.randint(1, 4)
    body, says = rng.choice(
        [
            ("return string + string[:count]", f"puts the first {characters(count)} at the end as well"),
            ("return string[-count:] + string", f"puts the last {characters(count)} in front as well"),
            ("return string[:count] + string", f"stutters: writes the first {characters(count)} twice"),
        ]
    )
    return Step(says, body, {"count": count})


def pad(rng: random.Random) -> Step:
    width, fill = rng.randint(8, 14), rng.choice([".", "_", "0", "*", "-", "x"])
    method, where = rng.choice([("ljust", "at the end"), ("rjust", "in front"), ("center", "on both sides")])
    says = f"fills the text up to {width} characters with {fill!r} {where}"
    return Step(says, f"return string.{method}(width, fill)", {"width": width, "fill": fill})


def cut_off(rng: random.Random) -> Step:
    width, end = rng.randint(5, 10), rng.choice(["...", "~", "-", " [more]"])
    body = "return string if len(string) <= width else string[:width] + end"
    return Step(
        f"cuts longer texts after {width} characters and writes {end!r} there", body, {"width": width, "end": end}
    )


def around_mark(rng: random.Random) -> Step:
    mark = common_letter(rng) if rng.random() < 0.6 else " "
    before = rng.random() < 0.5
    last = rng.random() < 0.3
    cut = "rpartition" if last else "partition"
    body = f"""
head, found, tail = string.{cut}(mark)
if not found:
    return string
return head if before else tail
"""
    which = "last" if last else "first"
    says = f"keeps what is {'before' if before else 'after'} the {which} {mark!r}, or everything where there is none"
    return Step(says, body, {"mark": mark, "before": before})


def ensure_end(rng: random.Random) -> Step:
    text = literal(rng, longest=2)
    front = rng.random() < 0.35
    body = (
        "return string if string.startswith(text) else text + string"
        if front
        else "return string if string.endswith(text) else string + text"
    )
    return Step(f"makes sure that the text {'begins' if front else 'ends'} with {text!r}", body, {"text": text})


def drop_end(rng: random.Random) -> Step:
    text = rng.choice(["e", "s", "ing", "er", "!", "a", "n", "t"])
    body = "return string[:-len(text)] if string.endswith(text) else string"
    return Step(f"takes {text!r} off the end where it is there", body, {"text": text})


def double_part(rng: random.Random) -> Step:
    first = rng.random() < 0.5
    body = "middle = len(string) // 2\n" + (
        "return string[:middle] * 2 + string[middle:]" if first else "return string[:middle] + string[middle:] * 2"
    )
    return Step(f"writes the {'first' if first else 'second'} half twice", body)


def staircase(rng: random.Random) -> Step:
    mark = rng.choice(["", "-", " ", "/"])
    body = "return mark.join(string[: index + 1] for index in range(len(string)))"
    joined = f" with {mark!r} between" if mark else ""
    return Step(f"writes all beginnings of the text one after the other{joined}", body, {"mark": mark})


def growing(rng: random.Random) -> Step:
    mark = rng.choice(["-", "", ""])
    body = "return mark.join(char * (index + 1) for index, char in enumerate(string))"
    joined = f", with {mark!r} between" if mark else ""
    return Step(f"writes the first character once, the second twice and so on{joined}", body, {"mark": mark})


def hide_inside(rng: random.Random) -> Step:
    mark = some_mark(rng)
    body, says = rng.choice(
        [
            (
                "return string if len(string) < 3 else string[0] + mark * (len(string) - 2) + string[-1]",
                f"replaces all but the first and last character by {mark!r}",
            ),
            (
                "return mark * max(0, len(string) - 4) + string[-4:]",
                f"replaces all but the last four characters by {mark!r}",
            ),
            ("return string[:2] + mark * (len(string) - 2)", f"replaces all but the first two characters by {mark!r}"),
        ]
    )
    return Step(says, body, {"mark": mark})


FAMILIES = family_list(
    "shape",
    around_mark=around_mark,
    cut_off=cut_off,
    double_part=double_part,
    drop_end=drop_end,
    ensure_end=ensure_end,
    growing=growing,
    hide_inside=hide_inside,
    mirror=mirror,
    pad=pad,
    repeat=repeat,
    repeat_start=repeat_start,
    staircase=staircase,
    strip_ends=strip_ends,
    take_both_ends=take_both_ends,
    take_half=take_half,
    take_part=take_part,
)

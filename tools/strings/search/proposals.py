"""Character maps as first steps: read off what another step has left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..operations import vocabulary as v
from ..operations.expressions import CURRENT, Expression, call, table
from .learners.aligned import character_map
from .tables import Selector

_MOST_INDEX = 9
_FEWEST_CHANGES = 3


def proposed_maps(inputs: Sequence[str], outputs: Sequence[str], selectors: Sequence[Selector]) -> Iterator[Expression]:
    """Maps that hold wherever a later edit of some positions, or an insertion, has not been at work."""
    growth = {len(made) - len(text) for text, made in zip(inputs, outputs)}
    if growth == {0}:
        for selector in selectors:
            masked = [_masked(text, made, selector.run(text, text)) for text, made in zip(inputs, outputs)]
            yield from _maps([text for text, _ in masked], [made for _, made in masked])
    elif len(growth) == 1 and (width := growth.pop()) > 0:
        for gap in (*range(_MOST_INDEX), None, -1, -2):
            shortened = [_without(text, made, gap, width) for text, made in zip(inputs, outputs)]
            yield from _maps(inputs, shortened)


def _masked(text: str, made: str, positions: Sequence[int]) -> tuple[str, str]:
    """Both texts without some positions; two texts of which nothing is known where none would be left."""
    chosen = set(positions)
    rest = [i for i in range(len(text)) if i not in chosen]
    return "".join([text[i] for i in rest]), "".join([made[i] for i in rest])


def _without(text: str, made: str, gap: int | None, width: int) -> str:
    """`made` less what was put in: after `gap` characters of the text, in its middle, or so many before its end."""
    if gap is None:
        gap = len(text) // 2
    start = min(gap, len(text)) if gap >= 0 else max(0, len(text) + gap + 1)
    return made[:start] + made[start + width :]


def _maps(before: Sequence[str], after: Sequence[str]) -> Iterator[Expression]:
    plain = _changes(character_map(before, after))
    if plain:
        yield call(v.TRANSLATE, CURRENT, table(plain))
    lowered = [text.lower() for text in before]
    keeping = _changes(character_map(lowered, [text.lower() for text in after]))
    if keeping and _cases_agree(before, after):
        yield call(v.TRANSLATE_KEEPING_CASE, CURRENT, table(keeping))
    ignoring = character_map(lowered, after)
    if ignoring is not None:
        capitals = {c.lower() for text in before for c in text if c.isupper()}
        changes = {old: new for old, new in ignoring.items() if old != new or old in capitals}
        if len(changes) >= _FEWEST_CHANGES:
            yield call(v.TRANSLATE_IGNORING_CASE, CURRENT, table(changes))


def _changes(mapping: dict[str, str] | None) -> dict[str, str]:
    changes = {old: new for old, new in (mapping or {}).items() if old != new}
    return changes if len(changes) >= _FEWEST_CHANGES else {}


def _cases_agree(before: Sequence[str], after: Sequence[str]) -> bool:
    return all(
        b.isupper() == a.isupper() for text, made in zip(before, after) for b, a in zip(text, made) if a.isalpha()
    )

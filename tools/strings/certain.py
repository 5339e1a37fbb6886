"""Boxes that give different answers for the same text: what is certain about the answers all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .branching import Constant, Induced, Table, Unchanged, induce
from .branching.predicates import quoted
from .types import Pair, Program
from .work import worked

Replies = Mapping[str, Sequence[str | None]]
"""All replies to each text, in the order in which they came."""
_LEAST_TEXTS = 4
_LEAST_REPEATS = 3
_FEW = 8
_LEAST_OF_A_FEW = 40
_SEARCH_SECONDS = 1.5
_LEAST_SECONDS = 0.05
Engine = Callable[..., Induced]


@dataclass(frozen=True, slots=True)
class Certain:
    """What never differs: `facts`, each a sentence; `likeliest` is the program that is right most often, if any is."""

    facts: tuple[str, ...]
    likeliest: Program | None
    share: float


class _Finder:
    """Programs of parts of the answers, while the time lasts."""

    def __init__(self, engine: Engine, deadline: float) -> None:
        self._engine = engine
        self._deadline = deadline

    def exact(self, pairs: Sequence[Pair]) -> Program | None:
        """The shortest program that agrees with all pairs; a list of them is none."""
        found = self._induced(pairs)
        programs = found.programs if found else ()
        return programs[0] if programs and not isinstance(programs[0], Table) else None

    def best(self, pairs: Sequence[Pair]) -> Program | None:
        """The program that agrees with most pairs."""
        found = self._induced(pairs)
        return found.best if found and not isinstance(found.best, Table) else None

    def _induced(self, pairs: Sequence[Pair]) -> Induced | None:
        seconds = min(_SEARCH_SECONDS, self._deadline - worked())
        if seconds < _LEAST_SECONDS or len(pairs) < _LEAST_TEXTS:
            return None
        return self._engine(pairs, seconds=seconds)


def differs(replies: Replies) -> bool:
    """Whether some text has more than one answer."""
    return any(len(set(said)) > 1 for said in replies.values())


def certain(replies: Replies, *, seconds: float, engine: Engine = induce) -> Certain:
    """What holds of every reply, and what can be computed of a part of each. `engine`: see `branching.induce`."""
    deadline = worked() + seconds
    find = _Finder(engine, deadline)
    texts = {t: [r for r in said if r is not None] for t, said in replies.items()}
    both = [(t, r) for t, said in texts.items() for r in said]
    facts = [*_failures(replies), *_choice(both)]
    related, lengths = _relations(both)
    facts += [*related, *lengths, *([] if related else _views(texts, find))]
    share, likeliest = _likeliest(texts, both, find)
    return Certain(tuple(dict.fromkeys(facts)), likeliest, share)


def _failures(replies: Replies) -> list[str]:
    said = [r for answers in replies.values() for r in answers]
    failed = sum(r is None for r in said)
    return [f"It fails {failed} of {len(said)} times."] if 0 < failed < len(said) else []


def _choice(both: Sequence[tuple[str, str]]) -> list[str]:
    """That the answer is one of a few, with how often each comes."""
    counts = Counter(r for _, r in both)
    if len(counts) > _FEW or len(both) < _LEAST_OF_A_FEW:
        return []
    shares = ", ".join(f"{quoted(r)} ({100 * n / len(both):.0f} %)" for r, n in counts.most_common())
    return [f"The answer is always one of {shares}."]


Holds = Callable[[str, str], bool]
_RELATIONS: tuple[tuple[Holds, str, str], ...] = (
    # what holds, how it is said, and which weaker ones it makes needless
    (lambda t, r: (r.split() != t.split() and sorted(r.split()) == sorted(t.split())) or r == t,
     "The answer has the words of the text, in any order.", "words"),
    (lambda t, r: sorted(r) == sorted(t), "The answer is a rearrangement of the characters of the text.", "same"),
    (lambda t, r: r.lower() == t.lower(), "The answer is the text with capital and small letters mixed.", "case"),
    (lambda t, r: (len(r) == 1 and r in t) or not t, "The answer is one character of the text.", "one"),
    (lambda t, r: len(r) == len(t) and sum(a != b for a, b in zip(t, r)) <= 1,
     "The answer is the text with at most one character changed.", "changed"),
    (lambda t, r: r.startswith(t) and r != t, "The answer is the text with something after it.", "longer"),
    (lambda t, r: r.endswith(t) and r != t, "The answer is the text with something before it.", "longer"),
    (lambda t, r: t in r and r != t, "The answer contains the text.", "longer"),
    (lambda t, r: r in t, "The answer is a piece of the text.", "piece"),
    (lambda t, r: _inside(r, t), "The answer is the text with some characters left out.", "piece"),
    (lambda t, r: _inside(t, r), "The answer is the text with something put in.", "longer"),
    (lambda t, r: set(r) <= set(t), "The answer holds no characters but those of the text.", "only"),
)  # fmt: skip


def _relations(both: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """How each answer relates to its text: the strongest relations that hold of all, and how long answers are."""
    found: list[str] = []
    said: set[str] = set()
    for holds, fact, kind in _RELATIONS:
        weaker = kind in said or (kind == "only" and said & {"same", "words", "one", "piece"})
        if weaker or not both or not all(holds(t, r) for t, r in both):
            continue
        found.append(fact)
        said.add(kind)
        if kind in ("same", "case", "words", "changed"):
            return found, []
    return found, _lengths(both, said)


def _lengths(both: Sequence[tuple[str, str]], said: set[str]) -> list[str]:
    more = {len(r) - len(t) for t, r in both}
    if len(more) == 1 and len(both) >= _LEAST_TEXTS:
        [n] = more
        if n == 0:
            return ["It is as long as the text."]
        return [f"It is {_characters(abs(n))} {'longer' if n > 0 else 'shorter'} than the text."]
    lengths = {len(r) for _, r in both}
    if len(lengths) == 1 and "one" not in said and lengths != {0}:
        return [f"It always has {_characters(lengths.pop())}."]
    return []


View = tuple[str, Callable[[str], str]]
_VIEWS: tuple[View, ...] = (
    ("The characters of the answer, in alphabetical order, are certain", lambda r: "".join(sorted(r))),
    ("Apart from capitals, the answer is certain", str.lower),
    ("The letters and digits of the answer are certain", lambda r: "".join(c for c in r if c.isalnum())),
)


def _views(texts: Mapping[str, Sequence[str]], find: _Finder) -> list[str]:
    """Sides of the answers that stay the same when the same text is asked again, and how they come about."""
    found: list[str] = []
    for said, view in _VIEWS:
        if not all(len({view(r) for r in answers}) <= 1 for answers in texts.values()):
            continue
        pairs: list[Pair] = [(t, view(answers[0])) for t, answers in texts.items() if answers]
        program = find.exact(pairs)
        if program is not None and not isinstance(program, Constant):
            found.append(f"{said}: {_how(program)}")
            break
    return found + _ends(texts, find)


def _ends(texts: Mapping[str, Sequence[str]], find: _Finder) -> list[str]:
    """The beginnings and the ends that all answers to the same text have in common, where a program gives them."""
    often = {t: list(answers) for t, answers in texts.items() if len(answers) >= _LEAST_REPEATS}
    found = []
    for name, flip in (("begins", False), ("ends", True)):
        pairs: list[Pair] = []
        for text, answers in often.items():
            common = _common_beginning([a[::-1] if flip else a for a in answers])
            pairs.append((text, common[::-1] if flip else common))
        program = find.exact(pairs) if any(r for _, r in pairs) else None
        if len(pairs) >= _LEAST_TEXTS and program is not None and not isinstance(program, Constant):
            found.append(f"The answer always {name} with what is certain of it: {_how(program)}")
    return found


def _likeliest(
    texts: Mapping[str, Sequence[str]], both: Sequence[tuple[str, str]], find: _Finder
) -> tuple[float, Program | None]:
    """The program that gives the commonest answers, by the share of all answers that it gives."""
    if not both:
        return 0.0, None
    common = Counter(r for _, r in both).most_common(1)[0][0]
    pairs: list[Pair] = [(t, Counter(answers).most_common(1)[0][0]) for t, answers in texts.items() if answers]
    programs: list[Program] = [Unchanged(), Constant(common)]
    best = find.best(pairs)
    programs += [best] if best is not None else []

    def share(program: Program) -> float:
        return sum(program(t) == r for t, r in both) / len(both)

    likeliest = max(programs, key=lambda p: (share(p), -p.size))
    return share(likeliest), likeliest


def _how(program: Program) -> str:
    sentence = program.sentence()
    return sentence[:1].lower() + sentence[1:]


def _common_beginning(texts: Sequence[str]) -> str:
    """The longest text with which all of `texts` begin."""
    low, high = min(texts), max(texts)
    same = next((k for k, (a, b) in enumerate(zip(low, high)) if a != b), min(len(low), len(high)))
    return low[:same]


def _inside(short: str, long: str) -> bool:
    """Whether the characters of `short` come in `long` in the same order."""
    rest = iter(long)
    return all(c in rest for c in short)


def _characters(n: int) -> str:
    return f"{n} character{'' if n == 1 else 's'}"

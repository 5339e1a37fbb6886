"""What commands answer from the journal alone: hypotheses, scores, evidence, a drawing. No model is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.text import Text

from ...tools.black_boxes import NumericDomain
from .commands import CommandMistake, hypothesis_id, observation_number
from .evidence import CITED, Evidence, Told, of_numbers, of_words, tells, visible, wrong_on
from .plotting import Picture, draw
from .showing import ending_text
from .wording import hypothesis_line, input_text, observation_line, reply_text, value_text, verdict_lines

if TYPE_CHECKING:
    from ...agent import Hypothesis, Observation, RunRecord

_RIVALS = 4
_MOST_POINTS = 4000
_FALLEN_SHOWN = 8
_BARS = 8


@dataclass(frozen=True)
class _Allowance:
    """What a hypothesis of the journal allows for noise: what its trial said, else nothing."""

    noise: Any
    exceptions: tuple[Any, ...]


class Views:
    """Answers about a record. `predict(code, inputs)` runs code where it may run; `applies(description, texts)` says
    how far words apply to texts.
    """

    def __init__(
        self,
        predict: Callable[[str, Sequence[Any]], Sequence[float | complex | None]],
        applies: Callable[[str, Sequence[str]], Sequence[float]],
    ) -> None:
        self._predict = predict
        self._applies = applies

    def hypotheses(self, record: RunRecord) -> str:
        """Live ones first, best first; then those that fell, the latest first."""
        if not record.hypotheses:
            return "no hypothesis has been recorded yet"
        last = [h.id for h in record.steps[-1].ranked] if record.steps else []
        live = [record.hypotheses[id] for id in last if record.hypotheses[id].standing in ("live", "concluded")]
        live += [h for h in record.hypotheses.values() if h.standing in ("live", "concluded") and h.id not in last]
        fallen = [h for h in record.hypotheses.values() if h.standing not in ("live", "concluded")][::-1]
        lines = [hypothesis_line(h) for h in [*live, *fallen[:_FALLEN_SHOWN]]]
        if len(fallen) > _FALLEN_SHOWN:
            lines.append(f"and {len(fallen) - _FALLEN_SHOWN} more that fell")
        return "\n".join(lines)

    def scores(self, record: RunRecord) -> str:
        """Every verdict so far, and how the run ended if it has."""
        lines: list[str] = []
        for trial in record.trials:
            lines += verdict_lines(trial.hypothesis, trial.verdict)
            beside = ", ".join(f"{n} {value_text(v)}" for n, v in trial.verdict.score.baselines.items())
            if beside:
                lines.append(f"  beside the baselines {beside}")
        if record.explanation is not None:
            lines.append(ending_text(record.explanation))
        return "\n".join(lines) or "nothing has been verified yet; /score H2 verifies a hypothesis, /conclude the best"

    def why(self, record: RunRecord, rest: str) -> str:
        """The evidence for a hypothesis (the best if none is named), or why an observation was made."""
        number = observation_number(rest)
        if number is not None:
            return self._why_asked(record, number)
        h = self._named(record, rest)
        lines = [hypothesis_line(h)]
        if h.parent:
            lines.append(f"it revises {h.parent}")
        if h.evidence:
            lines.append(f"how it did: {h.evidence}")
        seen = visible(record)
        evidence = self._evidence(record, h, seen)
        names = record.brief.names
        if evidence is not None and (evidence.right or evidence.against):
            lines += _for(evidence, names, is_words=not h.code)
            lines += _against(evidence, names, is_words=not h.code)
        else:
            lines.append("too little is known to say what speaks for it")
        for trial in record.trials:
            if trial.hypothesis == h.id:
                lines += verdict_lines(h.id, trial.verdict)
        return "\n".join(lines)

    def _named(self, record: RunRecord, rest: str) -> Hypothesis:
        if not rest:
            counted = record.trial.hypothesis if record.explanation is not None and record.trial else None
            best = record.hypotheses.get(counted or "") or record.best
            if best is None:
                raise CommandMistake("expected a hypothesis, and none has been recorded yet; wait for the first")
            return record.hypotheses.get(best.id, best)
        id = hypothesis_id(rest)
        if id not in record.hypotheses:
            there = ", ".join(record.hypotheses) or "none yet"
            raise CommandMistake(f"expected one of {there}, got {id}; /hypotheses lists them")
        return record.hypotheses[id]

    def _evidence(self, record: RunRecord, h: Hypothesis, seen: Sequence[Observation]) -> Evidence | None:
        if not h.code:
            texts = [o for o in seen if isinstance(o.input, str)]
            if not texts:
                return None
            degrees = self._applies(h.description, [str(o.input) for o in texts])
            return of_words([Told(o, float(d)) for o, d in zip(texts, degrees)])
        if any(isinstance(o.input, str) for o in seen):
            texts = [o for o in seen if isinstance(o.input, str)]
            return of_words([Told(o, v) for o, v in zip(texts, self._predict(h.code, [o.input for o in texts]))])
        told = self._told(h, seen)
        rivals = {
            other.id: frozenset(
                t.observation.number for t in wrong_on(_allowance(record, other), self._told(other, seen))
            )
            for other in _rivals(record, h)
        }
        return of_numbers(_allowance(record, h), told, rivals)

    def _told(self, h: Hypothesis, seen: Sequence[Observation]) -> list[Told]:
        asked = [o for o in seen if tells(o)]
        return [Told(o, v) for o, v in zip(asked, self._predict(h.code or "", [o.input for o in asked]))]

    def _why_asked(self, record: RunRecord, number: int) -> str:
        if not 1 <= number <= len(record.observations):
            have = f"#1 to #{len(record.observations)}" if record.observations else "none yet"
            raise CommandMistake(f"expected an observation that there is ({have}), got #{number}")
        o = next(o for o in record.observations if o.number == number)
        if o not in visible(record):
            return f"#{number} is held out: what it says is not shown before the run has concluded"
        lines = [observation_line(o, record.brief.names), f"asked to learn: {o.why}" + (", again" if o.repeat else "")]
        if o.purpose == "held_out":
            lines[1] = f"{o.why}: drawn by the verifier, not seen by the scientist before the verdict"
        killed = [h.id for h in record.hypotheses.values() if h.refuted_by == number]
        if killed:
            lines.append(f"it refuted {', '.join(killed)}")
        for h in _live(record)[:_RIVALS]:
            if h.code and not isinstance(o.input, str):
                for told in self._told(h, [o]):
                    wrong = bool(wrong_on(_allowance(record, h), [told]))
                    lines.append(f"{h.id} says {value_text(told.predicted)}: {'wrong' if wrong else 'right'}")
        return "\n".join(lines)

    def plot(self, record: RunRecord, width: int) -> Text:
        """One input: the function. Several: what was predicted beside what came. Texts: the highest responses."""
        seen = visible(record)
        if not isinstance(record.brief.domain, NumericDomain):
            return _bars(seen, width)
        known = [o for o in seen if isinstance(o.reply.value, float) and isinstance(o.input, tuple)]
        if not known:
            return Text("nothing has been answered yet: there is nothing to draw")
        h = record.hypotheses.get(record.trial.hypothesis or "") if record.explanation and record.trial else record.best
        told = self._told(h, known) if h is not None and h.code else [Told(o, None) for o in known]
        wrong = {t.observation.number for t in wrong_on(_allowance(record, h), told)} if h and h.code else set()
        if len(record.brief.names or ("x",)) > 1:
            return self._predicted(told, wrong, h, width)
        interval = record.brief.domain.inputs[0]
        points = tuple((float(o.input[0]), o.reply.number, o.number in wrong) for o in known[:_MOST_POINTS])
        code = h.code if h is not None else None

        def fit(xs: Sequence[float]) -> list[float | None]:
            said = self._predict(code or "", [(x,) for x in xs])
            return [None if v is None or isinstance(v, complex) else v for v in said]

        exceptions = _allowance(record, h).exceptions
        picture = Picture(
            interval.low,
            interval.high,
            points,
            fit if code else None,
            tuple((r.low, r.high) for r in exceptions),
            (record.brief.names or ("x",))[0],
        )
        return draw(picture, width).append_text(_legend(h, len(points), wrong, bool(exceptions)))

    @staticmethod
    def _predicted(told: Sequence[Told], wrong: set[int], h: Hypothesis | None, width: int) -> Text:
        pairs = [
            (float(t.predicted), t.observation.reply.number, t.observation.number in wrong)
            for t in told
            if t.predicted is not None and not isinstance(t.predicted, complex)
        ]
        if h is None or not pairs:
            return Text("several inputs are drawn as predicted against observed, and nothing has been predicted yet")
        low, high = min(p for p, *_ in pairs), max(p for p, *_ in pairs)
        high = high if high > low else low + 1.0
        picture = Picture(low, high, tuple(pairs), lambda xs: list(xs), name=f"predicted by {h.id}")
        return draw(picture, width).append_text(_legend(h, len(pairs), wrong, False))


def _legend(h: Hypothesis | None, points: int, wrong: set[int], exceptions: bool) -> Text:
    text = Text("\n")
    if h is not None:
        text.append(f"line: {hypothesis_line(h)}; ", style="cyan")
    text.append(f"dots: {points} observations", style="green")
    if wrong:
        listed = ", ".join(f"#{n}" for n in sorted(wrong)[:CITED])
        text.append(f"; off the line: {listed}{', …' if len(wrong) > CITED else ''}", style="bold red")
    if exceptions:
        text.append("; bars on the axis: exceptions", style="yellow")
    return text


def _bars(seen: Sequence[Observation], width: int) -> Text:
    known = sorted((o for o in seen if isinstance(o.reply.value, float)), key=lambda o: -o.reply.number)[:_BARS]
    if not known:
        return Text("nothing has been answered yet: there is nothing to draw")
    most = max(abs(o.reply.number) for o in known) or 1.0
    room = max(8, min(30, width // 4))
    text = Text("the highest responses\n", style="dim")
    for o in known:
        bar = "█" * round(abs(o.reply.number) / most * room)
        said = f"#{o.number} {input_text(o.input, ())}"
        text.append(f"{o.reply.number:>10.4g} ").append(f"{bar:<{room}} ", style="green")
        text.append(said[: max(10, width - room - 13)] + "\n")
    return text


def _live(record: RunRecord) -> list[Hypothesis]:
    return [h for h in record.hypotheses.values() if h.standing in ("live", "concluded")]


def _rivals(record: RunRecord, h: Hypothesis) -> list[Hypothesis]:
    """Others to tell it from: those that stood beside it last, then those that fell last."""
    last = [record.hypotheses[r.id] for r in record.steps[-1].ranked] if record.steps else []
    fallen = [o for o in reversed(record.hypotheses.values()) if o.standing in ("refuted", "revised")]
    return [o for o in dict.fromkeys([*last, *fallen]) if o.id != h.id and o.code][:_RIVALS]


def _allowance(record: RunRecord, h: Hypothesis | None) -> _Allowance:
    """The noise and exceptions that go with a hypothesis: its own trial's, else (noise alone) the last one's."""
    for trial in reversed(record.trials):
        if h is not None and trial.hypothesis == h.id:
            return _Allowance(trial.explanation.noise, trial.explanation.exceptions)
    last = record.trials[-1].explanation.noise if record.trials else None
    return _Allowance(last, ())


def _for(evidence: Evidence, names: Sequence[str], *, is_words: bool) -> list[str]:
    if is_words:
        cited = "; ".join(_cited(t, names) for t in evidence.right[:CITED])
        return [f"for it: {cited}" if cited else "for it: nothing that tells"]
    lines = [f"for it: right on {len(evidence.right)} observations, such as {_numbers(evidence.right)}"]
    if not evidence.right:
        lines = ["for it: no observation"]
    lines += [
        f"  {observation_line(t.observation, names)}, on which {', '.join(ids[:3])} {'is' if len(ids) == 1 else 'are'} "
        "wrong"
        for t, ids in evidence.telling[:CITED]
    ]
    return lines


def _against(evidence: Evidence, names: Sequence[str], *, is_words: bool) -> list[str]:
    if not evidence.against:
        return ["against it: no observation"]
    if is_words:
        return [f"against it: {'; '.join(_cited(t, names) for t in evidence.against[:CITED])}"]
    lines = [f"against it: {len(evidence.against)} observations, the worst first"]
    return lines + [
        f"  {observation_line(t.observation, names)}; it says {value_text(t.predicted)}"
        for t in evidence.against[:CITED]
    ]


def _cited(told: Told, names: Sequence[str]) -> str:
    o = told.observation
    return (
        f"#{o.number} {input_text(o.input, names)} -> {reply_text(o)}, to which it applies {value_text(told.predicted)}"
    )


def _numbers(told: Sequence[Told]) -> str:
    return ", ".join(f"#{t.observation.number}" for t in told[:CITED])

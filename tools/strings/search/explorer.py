"""Going through programs by depth: prefixes of steps whose values are new, and for each the last steps that fit."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ..guidance import network
from ..operations.expressions import EachWord, Expression
from ..operations.program import StraightProgram
from ..work import worked
from .backward import Tail
from .core import choose_core
from .forward import first_steps
from .frame import Frame, Shared, Texts, evaluate, frame_for_words
from .guided import Guide, Prefix, Task
from .learners import Learner, learn
from .proposals import proposed_maps

CORE_SIZE = 10
_SLACK_BITS = 1.0
"""How much longer than the shortest program found another may be and still be looked for."""
_LONG_SLACK_BITS = 12.0
"""The same for programs of three steps, which have more rivals."""
_SLACK_SECONDS = 0.3
"""After the first program the search goes on so long, and half as long as it has taken."""
_LONG_BITS, _LONG_SLACK_SECONDS = 60.0, 2.5
"""Where the shortest has more bits, as a table of many characters has, the search goes on longer."""
_LAST_STEP_BITS = 4.0
_MOST_ON_WALL = 4.0
_MOST_CLOSE = 60
_MOST_REFITS = 3
_CLOSE_SHARE, _MOST_EXTENDED = 0.5, 12
_MOST_MAPS = 30


class Clock:
    """Counts seconds of work up to a limit; by the clock on the wall there may pass several times as many."""

    def __init__(self, seconds: float) -> None:
        self._began, self._began_on_wall = worked(), time.perf_counter()
        self.seconds = seconds
        self.until: float | None = None
        self._late_at: float | None = None
        self._bits = 0.0

    @property
    def spent(self) -> float:
        return worked() - self._began

    def found(self, bits: float) -> None:
        """A program of so many bits is known; from now on, only a little longer, the shorter it is."""
        least = _SLACK_SECONDS if bits < _LONG_BITS else _LONG_SLACK_SECONDS
        if self._late_at is None or (bits < _LONG_BITS <= self._bits):
            self._late_at = 1.5 * self.spent + least
            self._bits = bits

    @property
    def late(self) -> bool:
        """Whether enough has been looked at after the first program found."""
        return self._late_at is not None and self.spent >= self._late_at

    @property
    def out(self) -> bool:
        most = min(self.seconds, self.until or self.seconds)
        return self.spent >= most or time.perf_counter() - self._began_on_wall >= _MOST_ON_WALL * most


class Explorer:
    """One search over pairs that all have replies."""

    def __init__(self, pairs: Sequence[tuple[str, str]], clock: Clock, *, core: Sequence[int] | None = None) -> None:
        self.pairs = tuple(pairs)
        self.clock = clock
        self.inputs = tuple(text for text, _ in pairs)
        self.outputs = tuple(reply for _, reply in pairs)
        self.found: dict[StraightProgram, None] = {}
        self.close: dict[StraightProgram, int] = {}
        self._met: set[StraightProgram] = set()
        self._misfits: dict[Texts, list[tuple[Learner, Expression, Tail | None]]] = {}
        self._whole_frames: dict[tuple[Expression, ...], Frame | None] = {}
        self._shared_by_all = Shared(self.inputs)
        self._failing: Counter[int] = Counter()
        self._guide: Guide | None = None
        self._set_core(choose_core(self.inputs, self.outputs, CORE_SIZE) if core is None else core)

    def _set_core(self, core: Sequence[int]) -> None:
        self.core = tuple(core)
        self.core_inputs = tuple(self.inputs[i] for i in core)
        self.core_outputs = tuple(self.outputs[i] for i in core)
        self._shared = Shared(self.core_inputs)
        self._first_steps: tuple[Expression, ...] | None = None
        self._longest = 60 + 4 * max(map(len, (*self.core_inputs, *self.core_outputs)))

    @property
    def best(self) -> float:
        """Bits of the shortest program found."""
        return min((program.size for program in self.found), default=float("inf"))

    def keep_only(self, wanted: Callable[[StraightProgram], bool]) -> None:
        """Forget what was found and is not wanted."""
        self.found = {program: None for program in self.found if wanted(program)}

    def take_up(self, programs: Iterable[StraightProgram]) -> None:
        """Try programs found earlier, and fit their last steps anew."""
        for program in programs:
            if self._offer(program) or not program.expressions or self.clock.out:
                continue
            prefix = program.expressions[:-1]
            frame = self._whole_frame(prefix)
            if frame is not None:
                for _, step in learn(frame):
                    self._offer(StraightProgram((*prefix, step)))

    def explore(self, depth: int, *, start: int = 1, until: float | None = None) -> tuple[int, bool]:
        """Look through all programs of `start` to `depth` steps; the depth reached, and whether it was searched whole.

        Stops `until` seconds after the search began, or when its time is over.
        """
        self.clock.until = until
        for level in range(start, depth + 1):
            whole = self._level(level)
            if not whole:
                return level, False
            if self.found:
                return level, True
            self._strengthen_core()
        return depth, True

    def _level(self, level: int) -> bool:
        nothing_yet: tuple[Task, ...] = ((Prefix((), self.core_inputs, 0.0), None),)
        self._guide = self._new_guide() if level > 1 else None
        for prefix, tail in self._guide.in_turn(level) if self._guide else nothing_yet:
            if self.clock.out or (self.found and self.clock.late):
                break
            bits = prefix.bits + (tail.bits if tail else 0.0)
            slack = _SLACK_BITS if level < 3 else _LONG_SLACK_BITS
            if self.found and bits + _LAST_STEP_BITS > self.best + slack:
                continue
            self.finish(prefix, tail)
            if self.found:
                self.clock.found(self.best)
        return not self.clock.out

    def _new_guide(self) -> Guide:
        """What to try in which order; maps are read off all pairs."""
        maps = dict.fromkeys(proposed_maps(self.inputs, self.outputs, self._shared_by_all.selectors))
        return Guide(
            self.core_inputs,
            self.core_outputs,
            self._firsts(),
            sorted(maps, key=lambda e: e.bits)[:_MOST_MAPS],
            extend=self._extended,
            is_out=lambda: self.clock.out,
            network=network(),
        )

    def _firsts(self) -> tuple[Expression, ...]:
        """First steps; what is put in is read off all pairs."""
        if self._first_steps is None:
            everything = (self.inputs, self.outputs)
            self._first_steps = first_steps(self.core_inputs, self.core_outputs, shown_by=everything)
        return self._first_steps

    def _strengthen_core(self) -> None:
        """Add the pairs that most candidates got wrong."""
        more = [i for i, _ in self._failing.most_common() if i not in self.core][:3]
        self._set_core((*self.core, *more))

    def _extended(self, prefix: Prefix, step: Expression) -> Prefix | None:
        """The prefix with a step more; None where it fails on a text, or makes one too long."""
        values = evaluate(step, prefix.values, self.core_inputs)
        if values is None or max(map(len, values)) > self._longest:
            return None
        if values in self._misfits:
            self._retry(values, (*prefix.steps, step))
        return Prefix((*prefix.steps, step), values, prefix.bits + step.bits + 1, prefix)

    def finish(self, prefix: Prefix, tail: Tail | None = None) -> None:
        """Offer all programs that take these steps, one more or none, and those of the tail."""
        wanted, last = (tail.wanted, tail.steps) if tail else (self.core_outputs, ())
        if prefix.values == wanted:
            if not self._offer(StraightProgram((*prefix.steps, *last))) and not tail:
                self._learn_anew(prefix.steps)
            return
        frame = Frame(prefix.values, self.core_inputs, wanted, self._shared)
        refits: Counter[Learner] = Counter()
        others = self._guide.others(prefix) if self._guide else []
        for learner, step in learn(frame):
            if self._offer(StraightProgram((*prefix.steps, step, *last))):
                continue
            if sum(self._offer(StraightProgram((*steps, step, *last))) for steps in others):
                continue
            if refits[learner] < _MOST_REFITS:
                for steps in (prefix.steps, *others) if not refits[learner] else (prefix.steps,):
                    self._refit(steps, learner, tail)
                refits[learner] += 1
                self._misfits.setdefault(prefix.values, []).append((learner, step, tail))
        if not tail and (len(prefix.steps) == 0 or prefix.bits < 6):
            self._finish_in_words(prefix, frame)

    def _learn_anew(self, steps: tuple[Expression, ...]) -> None:
        """A further step that only pairs outside the core show."""
        frame = self._whole_frame(steps)
        for _, step in learn(frame) if frame is not None else ():
            self._offer(StraightProgram((*steps, step)))

    def go_on_from(self, programs: Iterable[StraightProgram]) -> None:
        """Fit a further step after those of `programs` that are right on many pairs."""
        for program in dict.fromkeys(programs):
            self._offer(program)
        good = [p for p, right in self.close.items() if right >= _CLOSE_SHARE * len(self.pairs) and p.expressions]
        for program in sorted(good, key=lambda p: (-self.close[p], p.size))[:_MOST_EXTENDED]:
            if self.found or self.clock.out:
                return
            self._learn_anew(program.expressions)

    def _retry(self, values: Texts, steps: tuple[Expression, ...]) -> None:
        """Steps that do to the core what others did, which fitted there alone: perhaps they do better elsewhere."""
        for learner, step, tail in self._misfits[values][:_MOST_REFITS]:
            if not self._offer(StraightProgram((*steps, step, *(tail.steps if tail else ())))):
                self._refit(steps, learner, tail)

    def _finish_in_words(self, prefix: Prefix, frame: Frame) -> None:
        words = frame_for_words(frame)
        if words is None or len(words.current) > 60:
            return
        steps = [step for _, step in learn(words)]
        for step in steps:
            if not self._offer(StraightProgram((*prefix.steps, EachWord(step)))):
                whole = self._whole_frame(prefix.steps)
                all_words = frame_for_words(whole) if whole is not None else None
                if all_words is not None:
                    for _, other in learn(all_words):
                        self._offer(StraightProgram((*prefix.steps, EachWord(other))))
                return

    def _refit(self, steps: tuple[Expression, ...], learner: Learner, tail: Tail | None) -> None:
        frame = self._whole_frame(steps)
        if frame is not None and tail is not None:
            wanted = tail.before(self.outputs)
            frame = replace(frame, wanted=wanted, _ends={}) if wanted is not None else None
        if frame is not None:
            for step in learner(frame):
                self._offer(StraightProgram((*steps, step, *(tail.steps if tail else ()))))

    def _whole_frame(self, steps: tuple[Expression, ...]) -> Frame | None:
        """The frame of all pairs after these steps; None where a step fails on one of them."""
        if steps not in self._whole_frames:
            current: Texts | None = self.inputs
            for step in steps:
                current = evaluate(step, current, self.inputs) if current is not None else None
            frame = Frame(current, self.inputs, self.outputs, self._shared_by_all) if current is not None else None
            self._whole_frames[steps] = frame
        return self._whole_frames[steps]

    def _offer(self, program: StraightProgram) -> bool:
        """Whether the program is right on all pairs; it is remembered then, or else as close."""
        if program in self.found:
            return True
        if program in self._met:
            return False
        self._met.add(program)
        wrong = [i for i, (text, reply) in enumerate(self.pairs) if program(text) != reply]
        if not wrong:
            self.found[program] = None
            return True
        self._failing.update(wrong)
        right = len(self.pairs) - len(wrong)
        if len(self.close) < _MOST_CLOSE or right > min(self.close.values()):
            self.close[program] = right
            if len(self.close) > 2 * _MOST_CLOSE:
                best = sorted(self.close, key=lambda p: (-self.close[p], p.size))[:_MOST_CLOSE]
                self.close = {p: self.close[p] for p in best}
        return False

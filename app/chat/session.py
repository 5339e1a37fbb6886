"""A chat without a terminal: a scientist in a thread of its own, a person's lines in, what happens out."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...agent import Recorder, RunBusyError
from ..failures import classify
from ..files import default_report
from .commands import (
    HELP,
    Command,
    CommandMistake,
    edit_arguments,
    hypothesis_id,
    parse,
    query_inputs,
)
from .desk import Desk, Enough, Halted, Left
from .showing import Line, Narrator, Tell, ending_text
from .speech import Speech
from .transcript import TranscriptError, save
from .views import Views
from .wording import hypothesis_line
from .work import NoModelError, Opening, answer_without_model, applies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...agent import Event, Journal, RunRecord
    from ...tools.black_boxes import BlackBox

LEAVE_SECONDS = 3.0
"""How long leaving waits for the current step; a model call that takes longer is abandoned."""
WITHOUT_MODEL = (
    "no chat model is configured, so words go unread; ask with /query 1 2, correct with /edit h2 \"3*x + 1\", see /why "
    "and /plot, end with /conclude (/help lists all). With a model: --model PROVIDER:MODEL"
)  # fmt: skip
_TAKEN_BACK = ("edit", "say", "query", "score")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a chat stands, for a status line."""

    queries: int
    queries_limit: int
    state: str


class ChatSession:
    """One person, one run. `tell` hears every line of what happens, from whatever thread it happens in.

    `take` gives the person's lines in; `start` begins, `leave` ends. Whoever makes it closes `box` afterwards.

    >>> session = ChatSession(journal, box, Opening(), print)
    """

    def __init__(
        self,
        journal: Journal,
        box: BlackBox | None,
        opening: Opening,
        tell: Tell,
        *,
        width: Callable[[], int] = lambda: 80,
        streams: bool = False,
    ) -> None:
        """`streams`: tell a model's words row by row while they come, instead of a reply at a time."""
        self.journal = journal
        self.desk = Desk(journal)
        self._box, self._tell, self._width = box, tell, width
        self._speech = Speech(tell, width)
        self._opening = replace(opening, hear=self._speak) if streams else opening
        self._narrator = Narrator(journal.brief.names)
        self._recorder = Recorder(journal.run_id)
        self._guard = threading.RLock()
        self._thread = threading.Thread(target=self._work, name="scientist", daemon=True)
        self._views = Views(self._predict, applies)
        self._sandbox: Any = None
        self._told_at = time.monotonic()
        for event in journal.events():
            self._recorder.feed(event)
            self._narrator.take(event)
        self._narrator.flush()

    # The person's side

    def start(self) -> None:
        """Say where the run stands, and set the scientist to work."""
        for line in self._greeting():
            self._tell(line)
        self._forget = self.journal.subscribe(self._hear)
        self._thread.start()

    def take(self, line: str) -> bool:
        """Do what the line says; whether the chat goes on."""
        try:
            command = parse(line)
            if command is None:
                return True
            if command.name == "quit":
                return False
            getattr(self, f"_do_{command.name}")(command)
        except (CommandMistake, TranscriptError, RunBusyError) as mistake:
            self._tell(Line("error", str(mistake)))
        except Exception as error:
            self._tell(Line("error", classify(error)[0]))
        return True

    def stop(self) -> None:
        """Ctrl-C: stop the current step, and hold the scientist."""
        if self.is_over:
            self._tell(Line("remark", "nothing is under way; /quit leaves"))
            return
        self.desk.halt()
        self._tell(Line("remark", "stopping the current step; /resume goes on, /quit leaves"))

    def leave(self) -> bool:
        """Stop for good, so that the run can be taken up again; False if a step had to be abandoned."""
        self.desk.leave()
        if self._thread.is_alive():
            self._thread.join(LEAVE_SECONDS)
        self._forget()
        if self._sandbox is not None:
            self._sandbox.close()
        return not self._thread.is_alive()

    def settle(self, timeout_seconds: float | None = None) -> bool:
        """Wait until the scientist has nothing to do; whether that came in time."""
        return self.desk.settled(timeout_seconds)

    @property
    def record(self) -> RunRecord:
        with self._guard:
            return self._recorder.record()

    @property
    def is_over(self) -> bool:
        """Whether the run has concluded."""
        return self.record.explanation is not None

    @property
    def standing(self) -> Standing:
        record = self.record
        state = (
            "concluded"
            if record.explanation is not None
            else "paused"
            if self.desk.is_paused
            else "waiting for you"
            if self.desk.is_resting
            else "working"
        )
        return Standing(record.spend.queries, record.budget.queries, state)

    # Commands

    def _do_help(self, command: Command) -> None:
        width = max(len(name) for name, _ in HELP)
        self._answer("\n".join(f"{name:<{width}}  {does}" for name, does in HELP))

    def _do_say(self, command: Command) -> None:
        if self._opening.model is None:
            self._answer(WITHOUT_MODEL if not self.is_over else f"{self._how_it_ended()}\n{WITHOUT_MODEL}")
        elif self.journal.brief.scientist != "llm" and not self.is_over:
            self._answer("the inductive scientist reads no words; a model answers once the run has concluded")
        else:
            self.desk.post("say", text=command.rest)

    def _do_query(self, command: Command) -> None:
        self._refuse_after_the_end("ask the black box")
        self.desk.post("query", inputs=self._admitted(query_inputs(command.rest, self.journal.brief.domain)))

    def _do_edit(self, command: Command) -> None:
        self._refuse_after_the_end("correct a hypothesis")
        id, text = edit_arguments(command.rest)
        self._check_known(id)
        self.desk.post("edit", id=id, text=text)

    def _do_score(self, command: Command) -> None:
        if not command.rest:
            self._answer(self._views.scores(self.record))
            return
        self._refuse_after_the_end("verify a hypothesis")
        id = hypothesis_id(command.rest)
        self._check_known(id)
        self.desk.post("score", id=id)

    def _do_conclude(self, command: Command) -> None:
        self._refuse_after_the_end("conclude")
        if not command.rest:
            self.desk.post("conclude")
            return
        id = hypothesis_id(command.rest)
        self._check_known(id)
        self.desk.post("conclude", id=id)

    def _do_hypotheses(self, command: Command) -> None:
        self._answer(self._views.hypotheses(self.record))

    def _do_why(self, command: Command) -> None:
        self._answer(self._views.why(self.record, command.rest))

    def _do_plot(self, command: Command) -> None:
        from ..report import ReportError, write_report

        record = self.record
        drawing = self._views.plot(record, self._width())
        try:
            drawing.append(f"\nthe report: {write_report(record, default_report(self.journal))}", style="dim")
        except ReportError as error:
            drawing.append(f"\nno report: {error}", style="dim")
        self._tell(Line("answer", drawing.plain, drawing))

    def _do_pause(self, command: Command) -> None:
        self._refuse_after_the_end("pause")
        self.desk.pause()
        self._answer("paused between two steps; /resume goes on")

    def _do_resume(self, command: Command) -> None:
        self._refuse_after_the_end("go on")
        if self.desk.is_paused:
            self.desk.go_on()
        elif self.desk.is_resting:
            self.desk.post("again")
        else:
            self._answer("the scientist is at work")

    def _do_undo(self, command: Command) -> None:
        taken_back = {s.arguments["of"] for s in self.desk.steps.values() if s.command == "undo"}
        steps = [s for n, s in sorted(self.desk.steps.items()) if s.command in _TAKEN_BACK and n not in taken_back]
        if not steps:
            raise CommandMistake("expected a step of yours to take back, and there is none")
        self.desk.post("undo", of=steps[-1].number)

    def _do_save(self, command: Command) -> None:
        if not command.rest:
            raise CommandMistake("expected a file after /save, got none; such as /save chat.md")
        self._answer(f"written to {save(self.journal, Path(command.rest))}")

    # The scientist's side

    def _work(self) -> None:
        try:
            with _calm():
                while not self.is_over:
                    if not self._investigate():
                        return
                self._converse()
        except (Left, Halted):
            return
        finally:
            self.desk.rest_for_good()

    def _investigate(self) -> bool:
        """One go at the run; whether there may be another."""
        try:
            assert self._box is not None, "a run that has not concluded needs its box"
            investigation = self._opening.investigation(self.journal, self._box, self.desk, self._trouble)
            begun = any(e.kind != "started" for e in self.journal.events())
            investigation.resume() if begun else investigation.run()
        except Halted:
            return self.desk.wait_to_go_on()
        except Enough:
            return True
        except Left:
            return False
        except NoModelError as error:
            self._trouble(str(error))
            return False
        except Exception as error:
            self._trouble(f"{classify(error)[0]}; /resume tries again, /quit leaves")
            self.desk.halt()
            return self.desk.wait_to_go_on()
        return True

    def _converse(self) -> None:
        """Answer what is asked about a run that has concluded."""
        while True:
            try:
                if self._opening.model is None:
                    answer_without_model(self.desk)
                with self.journal.driving():
                    self._opening.answer_questions(self.journal, self.record, self.desk, self._trouble)
            except Left:
                return
            except Halted:
                if not self.desk.wait_to_go_on():
                    return
            except Exception as error:
                self._trouble(classify(error)[0])
                self.desk.halt()
                if not self.desk.wait_to_go_on():
                    return

    def _hear(self, event: Event) -> None:
        with self._guard:
            self._recorder.feed(event)
            for line in self._narrator.take(event):
                self._told_at = time.monotonic()
                for told in self._speech.untold(line):
                    self._tell(told)
        if threading.current_thread() is self._thread and event.kind not in ("stopped", "concluded"):
            self.desk.check()

    def _speak(self, text: str | None) -> None:
        """Words of a reply that is not whole yet; None where a reply begins."""
        with self._guard:
            self.flush()
            self._speech.hear(text)

    def flush(self) -> None:
        """Tell what was asked and has not been told yet, for want of a next event."""
        with self._guard:
            for line in self._narrator.flush():
                self._tell(line)

    def flush_old(self, seconds: float) -> None:
        """Tell what was asked where that has gone on for so long without anything else happening."""
        with self._guard:
            if self._narrator.waiting and time.monotonic() - self._told_at >= seconds:
                self._told_at = time.monotonic()
                self.flush()

    def _trouble(self, text: str) -> None:
        self._tell(Line("error", text))

    def _answer(self, text: str) -> None:
        self._tell(Line("answer", text))

    def _greeting(self) -> list[Line]:
        record = self.record
        lines = [Line("remark", f"run {record.run_id}, {record.brief.spec}; /help lists the commands")]
        if record.explanation is not None:
            return [*lines, Line("ending", ending_text(record.explanation))]
        if record.observations:
            lines.append(Line("remark", f"{len(record.observations)} observations are known; it goes on from there"))
        if record.best is not None:
            lines.append(Line("hypotheses", hypothesis_line(record.best)))
        return lines

    def _how_it_ended(self) -> str:
        explanation = self.record.explanation
        return ending_text(explanation) if explanation is not None else ""

    def _refuse_after_the_end(self, what: str) -> None:
        if self.is_over:
            raise CommandMistake(
                f"expected a run under way to {what}, and this one has concluded; ask about it with /why, /plot and "
                "/hypotheses, or begin another with zetetic chat"
            )

    def _check_known(self, id: str) -> None:
        known = self.record.hypotheses
        if id not in known:
            raise CommandMistake(f"expected one of {', '.join(known) or 'none yet'}, got {id}; /hypotheses lists them")

    def _admitted(self, inputs: Sequence[Any]) -> list[Any]:
        """Inputs inside the domain, as the journal takes them. Raises DomainError where one is outside."""
        from ...agent.numeric_ground import NumericGround
        from ...tools.black_boxes import NumericDomain

        domain = self.journal.brief.domain
        if not isinstance(domain, NumericDomain):
            return list(inputs)
        ground = NumericGround(domain)
        return [list(ground.admit(point)) for point in inputs]

    def _predict(self, code: str, inputs: Sequence[Any]) -> Sequence[float | complex | None]:
        """What code says of inputs; a model's code runs in a sandbox."""
        from ...tools.scoring import CodeError, predict_all

        if not inputs:
            return []
        try:
            if self.journal.brief.scientist != "llm":
                return predict_all(code, inputs)
            if self._sandbox is None:
                self._sandbox = self._opening.open_sandbox()
            return predict_all(code, inputs, sandbox=self._sandbox)
        except CodeError:
            return [None] * len(inputs)


@contextmanager
def _calm() -> Iterator[None]:
    """Keep the warnings of numerical libraries off the screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

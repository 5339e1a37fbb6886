"""Exit codes, and how whatever goes wrong becomes one line and one of them."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """What the process says to its caller. Scripts rely on these numbers."""

    EXPLAINED = 0
    NOT_BETTER = 1
    BAD_INPUT = 2
    BOX_FAILED = 3
    STORE = 4
    BUDGET_SPENT = 5
    SANDBOX = 6
    INTERNAL = 70
    OUTPUT = 74
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


MEANINGS = {
    ExitCode.EXPLAINED: "explained, or the command did what was asked",
    ExitCode.NOT_BETTER: "ended honestly: no explanation beats the trivial baselines",
    ExitCode.BAD_INPUT: "bad usage or input: missing file or function, bad domain, budget of 0",
    ExitCode.BOX_FAILED: "the black box or model failed: raises, hangs, is gone, answers the wrong kind",
    ExitCode.STORE: "the store failed: read-only, full, locked, busy, foreign, newer",
    ExitCode.BUDGET_SPENT: "the budget was spent before anything could be concluded",
    ExitCode.SANDBOX: "no sandbox guarantees what was asked for, or its self-test failed; nothing was run",
    ExitCode.INTERNAL: "a fault of zetetic itself; run again with --debug",
    ExitCode.OUTPUT: "the result could not be written to standard output or to the file named",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C; the run can be resumed (143: by SIGTERM)",
    ExitCode.BROKEN_PIPE: "whoever read the output left early",
}

OUTCOME_CODES = {
    "explained": ExitCode.EXPLAINED,
    "not_better_than_baseline": ExitCode.NOT_BETTER,
    "failed": ExitCode.BOX_FAILED,
    "out_of_budget": ExitCode.BUDGET_SPENT,
    "interrupted": ExitCode.INTERRUPTED,
}


class CommandError(Exception):
    """A failure that already knows its exit code. The message says expected, got, remedy."""

    def __init__(self, message: str, code: ExitCode = ExitCode.BAD_INPUT) -> None:
        super().__init__(message)
        self.code = code


def bad_input(message: str) -> CommandError:
    """A user's mistake: exit code 2."""
    return CommandError(message, ExitCode.BAD_INPUT)


def epilog() -> str:
    """The exit codes as a paragraph for `--help`."""
    return "\n".join(["Exit codes:", *(f"{int(code):4}  {meaning}" for code, meaning in MEANINGS.items())])


def one_line(text: str) -> str:
    """`text` without line breaks, first letter low unless it starts a name."""
    line = " ".join(str(text).split()).rstrip(".")
    return line[0].lower() + line[1:] if line[:1].isupper() and line[1:2].islower() else line


def classify(error: BaseException) -> tuple[str, ExitCode]:
    """The line to print for `error`, and the exit code."""
    if isinstance(error, CommandError):
        return one_line(str(error)), error.code
    if type(error).__name__ == "NoArgsIsHelpError":
        return "", ExitCode.BAD_INPUT  # the help has been printed already
    usage: Callable[[], str] | None = getattr(error, "format_message", None)
    if usage is not None:  # typer's own family of usage errors; its base class moved between releases
        return _usage_line(error, usage()), ExitCode.BAD_INPUT
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
        return "interrupted", ExitCode.INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return "", ExitCode.BROKEN_PIPE
    known = _classify_known(error)
    if known is not None:
        return one_line(str(error)), known
    if isinstance(error, OSError) and error.filename is None:
        said = error.strerror or str(error)
        return f"the output could not be written ({said}); free some space, or send it elsewhere", ExitCode.OUTPUT
    kind = type(error).__name__
    return f"unexpected {kind}: {one_line(str(error))}; run again with --debug for the traceback", ExitCode.INTERNAL


def _usage_line(error: BaseException, message: str) -> str:
    """What typer says of a command line it cannot read, with what was given and where help is."""
    asked = getattr(getattr(error, "ctx", None), "command_path", None) or "zetetic"
    cause: Any = error.__cause__ or error.__context__
    faults = cause.errors() if hasattr(cause, "errors") else []
    option = getattr(getattr(error, "param", None), "opts", None)
    if faults and option:
        wanted = str(faults[0]["msg"]).partition(",")[0].removeprefix("Input should be ")
        return f"expected {wanted} for {option[0]}, got {faults[0]['input']!r}; see {asked} --help"
    return f"{one_line(message)}; see {asked} --help"


def _classify_known(error: BaseException) -> ExitCode | None:
    """The exit code of an error that the layers below raise on purpose; None for any other."""
    from ..agent import BudgetError, StoreError, UnknownRunError
    from ..agent.llm.accounts import PriceError
    from ..models import DownloadError, ModelError
    from ..prompts import PromptError
    from ..sandboxes import SandboxError
    from ..tools.black_boxes import BlackBoxError, DomainError, SpecError
    from ..tools.black_boxes.sandboxed import NoSandboxError
    from ..tools.chat import ChatError
    from ..tools.concepts.parsing import ConceptError
    from ..tools.dataset_explanation.errors import DatasetError
    from ..tools.qa_emb import QAError
    from ..tools.sasc import SascError
    from ..tools.scoring.texts import ScoringError
    from ..tools.texts import CorpusError
    from ..tools.toolbox.errors import ToolboxError

    families: list[tuple[type[BaseException], ExitCode]] = [
        (UnknownRunError, ExitCode.BAD_INPUT),
        (StoreError, ExitCode.STORE),
        (BudgetError, ExitCode.BAD_INPUT),
        (DomainError, ExitCode.BAD_INPUT),
        (NoSandboxError, ExitCode.SANDBOX),
        (SandboxError, ExitCode.SANDBOX),
        (SpecError, ExitCode.BAD_INPUT),
        (BlackBoxError, ExitCode.BOX_FAILED),
        (DownloadError, ExitCode.BOX_FAILED),
        (ModelError, ExitCode.BAD_INPUT),
        (ChatError, ExitCode.BOX_FAILED),
        *((kind, ExitCode.BAD_INPUT) for kind in (CorpusError, ConceptError, DatasetError, QAError, SascError)),
        *((kind, ExitCode.BAD_INPUT) for kind in (ScoringError, ToolboxError, PriceError, PromptError)),
    ]
    return next((code for family, code in families if isinstance(error, family)), None)


def report(error: BaseException, *, debug: bool) -> int:
    """Say `error` in one line on stderr (with its traceback if `debug`) and return the exit code."""
    line, code = classify(error)
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    if line:
        print(f"error: {line}", file=sys.stderr)
    return int(code)

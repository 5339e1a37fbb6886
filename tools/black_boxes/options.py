"""The options that every opener of black boxes understands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypedDict

from ...sandboxes.types import LEVELS, Level, Parameters
from .types import Domain, NumericDomain, OutputKind, SpecError, TextDomain


class OpenOptionFields(TypedDict, total=False):
    """`OpenOptions` as keyword arguments."""

    domain: Domain | None
    output: OutputKind
    integer: bool
    timeout_seconds: float
    start_timeout_seconds: float
    seed: int | None
    vectorized: bool | None
    batch_size: int | None
    attempts: int
    token_variable: str | None
    single: bool
    untrusted: bool | None
    sandbox: str | None
    sandbox_level: Level | None


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """How to open and ask a black box. An opener ignores what does not concern it.

    `domain`: where inputs live, if the user said so; its length settles how many inputs there are.
    `output`: what kind of answer is wanted, where the function does not say by its annotation that it gives a text.
    `integer`: pass whole numbers even where no domain says so.
    `timeout_seconds`: for one input of a Python function, one run of a command, one HTTP request.
    `start_timeout_seconds`: for loading the function (imports may be slow).
    `seed`: of the randomness that the box itself draws; None leaves it random.
    `vectorized`: whether a Python function takes arrays; None finds out where it pays.
    `batch_size`: inputs in one run or request; None takes the opener's own figure.
    `attempts`: how often an HTTP request is tried in all.
    `token_variable`: name of the environment variable that holds an HTTP bearer token.
    `single`: one input an HTTP request, `{"x": …}` → `{"y": …}`.
    `untrusted`: run the box's code in a sandbox; False gives it the user's own rights, None leaves it to the opener
    (code that strangers publish, such as FIND's, is not trusted).
    `sandbox`, `sandbox_level`: which sandbox, and the least it must guarantee; either implies `untrusted`.
    """

    domain: Domain | None = None
    output: OutputKind = "number"
    integer: bool = False
    timeout_seconds: float = 10.0
    start_timeout_seconds: float = 60.0
    seed: int | None = None
    vectorized: bool | None = None
    batch_size: int | None = None
    attempts: int = 4
    token_variable: str | None = None
    single: bool = False
    untrusted: bool | None = None
    sandbox: str | None = None
    sandbox_level: Level | None = None

    def __post_init__(self) -> None:
        for name in ("timeout_seconds", "start_timeout_seconds"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise SpecError(f"{name} must be a positive number of seconds, got {value:g}")
        for name in ("batch_size", "attempts"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise SpecError(f"{name} must be at least 1, got {value}")
        if self.seed is not None and self.seed < 0:
            raise SpecError(f"seed must be 0 or more, got {self.seed}")
        if self.sandbox_level is not None and self.sandbox_level not in LEVELS:
            raise SpecError(f"expected one of the sandbox levels {', '.join(LEVELS)}, got {self.sandbox_level!r}")
        if self.untrusted is False and self.wants_sandbox():
            raise SpecError("a box that is trusted runs in no sandbox: leave out either --trusted or the sandbox")

    @property
    def arity(self) -> int | None:
        """How many inputs the domain has; None when nobody said."""
        if self.domain is None:
            return None
        return self.domain.arity if isinstance(self.domain, NumericDomain) else 1

    def wants_sandbox(self, default: bool = False) -> bool:
        """Whether the box's code belongs in a sandbox; `default` holds where nobody said."""
        if self.sandbox is not None or self.sandbox_level is not None:
            return True
        return default if self.untrusted is None else self.untrusted

    def refuse_sandbox(self, what: str, remedy: str) -> None:
        """SpecError if a sandbox is asked for where `what` cannot run in one."""
        if self.wants_sandbox():
            raise SpecError(f"{what} cannot be put in a sandbox here; {remedy}")

    def text_domain(self, what: str) -> TextDomain | None:
        """The texts that `what`, a text module, is asked, if the user said so. SpecError for another kind."""
        if self.output != "number":
            raise SpecError(f"{what} gives numbers, and {self.output} was asked for; leave the output out")
        if self.domain is not None and not isinstance(self.domain, TextDomain):
            raise SpecError(f"{what} takes texts, and another domain was given; leave the domain out")
        return self.domain

    def whole(self, arity: int) -> tuple[bool, ...]:
        """For each of `arity` inputs, whether it is passed as a whole number."""
        if isinstance(self.domain, NumericDomain):
            return tuple(i.integer or self.integer for i in self.domain.inputs)
        return (self.integer,) * arity


def output_of(parameters: Parameters | None, asked: OutputKind) -> OutputKind:
    """What kind of answer a function gives: a text where it says so by its annotation, else what was `asked` for.

    One that takes whole numbers is no function of texts, whatever it gives.
    """
    if parameters is not None and parameters.gives_text and not parameters.integer:
        return "text"
    return asked

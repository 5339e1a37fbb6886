"""What a category of FIND (numeric functions, strings, …) has to be, and what is the same for all of them.

A category is added in three steps. Write a package or module beside `numeric/` whose `CATEGORY` satisfies `Category`;
its rows extend `Row`, its report extends `Report`. Name it in `_HOMES` in `categories.py`. Let its `run` investigate
with `investigating.investigate`, which knows every scientist: what a category measures is then measured of all of
them. Resuming, worker processes, time limits, the results file, `--ids`, `--limit` and `--json` come from `run.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from ..trial import Effort
from .options import FindOptions

if TYPE_CHECKING:
    from rich.console import RenderableType


class Cost(BaseModel):
    """What one chat model cost on one function.

    `who` is scientist, box or judge; `dollars` (US) are None where no price is known; `estimated` says that tokens were
    partly counted by us.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: str
    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    dollars: float | None
    estimated: bool = False


class Row(BaseModel):
    """One function's results, as far as every category has them.

    `error` says in one line why there is no explanation. `tokens` and `dollars` (US) add up `costs`, and `transcript`
    names the file with what a language model did; None where none took part. `run.py` fills in all four.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    error: str | None
    outcome: str
    description: str
    code: str
    queries: int
    seconds: float
    cpu_seconds: float
    tokens: int | None = None
    dollars: float | None = None
    transcript: str | None = None
    costs: tuple[Cost, ...] = ()


class Report(BaseModel):
    """A finished (or interrupted) run: `missing` functions have no result yet. `scientist` says who investigated."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: str
    scientist: str = "inductive"
    data: str
    engine: str
    seed: int
    budget_queries: int
    missing: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report says of its run; `about` gives all of it as the fields of a `Report`."""

    scientist: str
    data: str
    engine: str
    seed: int
    budget_queries: int
    missing: int

    def about(self) -> dict[str, Any]:
        """The fields that a `Report` takes over."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Task:
    """One function for a worker: plain data, so that it travels between processes.

    `options.budget_queries` is settled (never None); `scratch` is a folder that is gone after the run. `key` names the
    result: what it depends on.
    """

    options: FindOptions
    id: str
    scratch: Path
    key: str = "unnamed"

    @property
    def kept(self) -> Path:
        """A folder of this task's own that outlives a run which is cut short, and goes when the row is in."""
        return self.options.runs / self.key

    @property
    def effort(self) -> Effort:
        """What its investigation may cost."""
        queries = self.options.budget_queries
        assert queries is not None
        return Effort(queries, self.options.seconds, self.options.seed)


R = TypeVar("R", bound=Row)


class Category(Protocol[R]):
    """One part of FIND. `R` is its row.

    `budget_queries`: what a function may be asked when nobody says. `rules`: raised whenever a row's figures change
    their meaning, so that older results are measured anew. `sources`: folders of this package, beyond the usual ones,
    that its explanations come from.
    """

    name: str
    budget_queries: int
    rules: int
    sources: tuple[str, ...]

    def ids(self, path: Path) -> Sequence[str]:
        """The functions under `path`, in order. Raises BenchmarkError where there are none."""
        ...

    def stamp(self, path: Path, id: str) -> str:
        """Changes when the data of function `id` does."""
        ...

    def check(self, options: FindOptions) -> None:
        """Refuse what no run can begin with, such as a judge that cannot be opened. Raises BenchmarkError."""
        ...

    def run(self, task: Task) -> R:
        """The work of one worker process on one function: investigate and measure."""
        ...

    def failed(self, task: Task, error: str, seconds: float) -> R:
        """The row of a function whose worker was killed or broke."""
        ...

    def read(self, record: dict[str, Any]) -> R:
        """A row of the results file. Raises pydantic's ValidationError for one of another shape."""
        ...

    def tally(self, rows: Collection[R]) -> str:
        """A few words on how it goes, beside the progress bar; there is at least one row."""
        ...

    def report(self, rows: Sequence[R], facts: Facts) -> Report:
        """Add up `rows`. As JSON it is `model_dump_json`."""
        ...

    def render(self, report: Any) -> RenderableType:
        """The report as tables for the terminal."""
        ...

"""Investigations: a scientist asks a black box, supposes, and has its explanation verified; all of it in a journal."""

from .brief import Brief, CorpusReference, Kind, imply_whole, kind_of
from .budget import Budget, BudgetError, Spend
from .casting import cast, default_budget, refer
from .errors import RunBusyError, StoreError, UnknownRunError
from .inductive import InductiveScientist
from .inquiry import JournaledInquiry
from .investigation import Investigation
from .journal import Journal
from .record import Recorder, RunRecord, Step, Trial, replay_state
from .scripted import CodeCandidate, ScriptedScientist
from .shortcut import explain
from .store import RunSummary, Store, default_path
from .types import Event, Explanation, Failing, Hypothesis, Inquiry, Observation, Scientist, Verdict
from .wording import Rival, Span, Wording

__all__ = [
    "Brief",
    "Budget",
    "BudgetError",
    "CodeCandidate",
    "CorpusReference",
    "Event",
    "Explanation",
    "Failing",
    "Hypothesis",
    "InductiveScientist",
    "Inquiry",
    "Investigation",
    "Journal",
    "JournaledInquiry",
    "Kind",
    "Observation",
    "Recorder",
    "Rival",
    "RunBusyError",
    "RunRecord",
    "RunSummary",
    "Scientist",
    "ScriptedScientist",
    "Span",
    "Spend",
    "Step",
    "Store",
    "StoreError",
    "Trial",
    "UnknownRunError",
    "Verdict",
    "Wording",
    "cast",
    "default_budget",
    "default_path",
    "explain",
    "imply_whole",
    "kind_of",
    "refer",
    "replay_state",
]

"""Investigations: a scientist asks a black box, supposes, and has its explanation verified; all of it in a journal."""

from .brief import Brief, imply_whole
from .budget import Budget, BudgetError, Spend
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

__all__ = [
    "Brief",
    "Budget",
    "BudgetError",
    "CodeCandidate",
    "Event",
    "Explanation",
    "Failing",
    "Hypothesis",
    "InductiveScientist",
    "Inquiry",
    "Investigation",
    "Journal",
    "JournaledInquiry",
    "Observation",
    "Recorder",
    "RunBusyError",
    "RunRecord",
    "RunSummary",
    "Scientist",
    "ScriptedScientist",
    "Spend",
    "Step",
    "Store",
    "StoreError",
    "Trial",
    "UnknownRunError",
    "Verdict",
    "default_path",
    "explain",
    "imply_whole",
    "replay_state",
]

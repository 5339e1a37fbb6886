"""Programs with branches and exceptions, induced from pairs of texts."""

from .branched import Branched
from .induction import Induced, induce
from .plain import Constant, Fails, Table, Unchanged
from .predicates import Predicate, predicates

__all__ = ["Branched", "Constant", "Fails", "Induced", "Predicate", "Table", "Unchanged", "induce", "predicates"]

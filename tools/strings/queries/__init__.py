"""What to ask next: texts that tell programs apart, and texts that show what none has shown."""

from .exploring import at_the_edges, exploring, in_each_case, meeting, resembling, typical
from .pool import candidates
from .separating import separating

__all__ = ["at_the_edges", "candidates", "exploring", "in_each_case", "meeting", "resembling", "separating", "typical"]

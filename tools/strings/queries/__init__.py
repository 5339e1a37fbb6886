"""What to ask next: texts that tell programs apart, and texts that show what none has shown."""

from .exploring import exploring, resembling, typical
from .pool import candidates
from .separating import separating

__all__ = ["candidates", "exploring", "resembling", "separating", "typical"]

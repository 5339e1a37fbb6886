"""What a search for programs should try first: learned from random programs of the same library."""

from .names import named
from .network import Network, network
from .traits import traits

__all__ = ["Network", "named", "network", "traits"]

"""What a search for programs should try first: learned from random programs of the same library."""

from .names import named, named_last
from .network import BITS_SCALE, Network, network
from .traits import COUNT, Traits, traits

__all__ = ["BITS_SCALE", "COUNT", "Network", "Traits", "named", "named_last", "network", "traits"]

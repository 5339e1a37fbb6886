"""How fast a whole grid of patches is, beside plain hooks, other libraries and what the arithmetic allows."""

"""`python -m zetetic.benchmarks.generality`: run the set and print its table."""

from __future__ import annotations

import sys

from ..front import suite_main

if __name__ == "__main__":
    sys.exit(suite_main("zetetic.benchmarks.generality", "numeric functions of other families than FIND's"))

#!/usr/bin/env python3
"""A command-line black box in FIND's calling convention: inputs as arguments, pairs on standard output.

python examples/commuter.py 7.5 8 9
zetetic explain command:examples/commuter.py --domain=0:24
"""

import sys


def minutes(hour: float) -> float:
    """Minutes to work when leaving at `hour`: 22, and in the morning rush up to 30 more at eight o'clock."""
    return 22.0 + max(0.0, 30.0 - 20.0 * abs(hour - 8.0))


if __name__ == "__main__":
    pairs = " ".join(f"({argument}, {minutes(float(argument))})" for argument in sys.argv[1:])
    print(f"Function input - output pairs: {pairs} ")

"""`python -m zetetic.app.cli` is `zetetic`."""

import sys

from . import main

sys.exit(main())

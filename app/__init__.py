"""Front doors: the command line, the live progress and the report."""

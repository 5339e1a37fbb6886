"""How the networks of `guidance` are fitted: `python -m zetetic.tools.strings.training.train`."""

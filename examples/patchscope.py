"""What does a language model make of "Diana, Princess of Wales", layer by layer? And is the prompt to thank for it?

python examples/patchscope.py

The model is small and comes with the package (`zetetic models get smollm2`). See docs/patchscope.md.
"""

from __future__ import annotations


def main() -> None:
    """Describe a name at every third layer, then look at which layers know the next token."""
    from zetetic.models import load
    from zetetic.tools.patchscope import LastTokenOf, Source, Target, describe, grid

    model = load("smollm2")
    name = Source(model, "Diana, Princess of Wales", LastTokenOf("Wales"), layer=range(0, 30, 3))
    print(describe(name, answer="British"), end="\n\n")

    source = Source(model, "The Eiffel Tower is in the city of", layer=range(0, 30, 3))
    print(grid(source, Target(model, "cat→cat; 1135→1135; hello→hello; ?", layer=range(0, 30, 6))))


if __name__ == "__main__":
    main()

"""The printed code does what the program does, for every function of the library and for random programs."""

import random
import string

import pytest

from zetetic.tools.strings.operations import Call, EachWord, StraightProgram, Word, call
from zetetic.tools.strings.operations import vocabulary as v
from zetetic.tools.strings.operations.expressions import CURRENT, ORIGINAL, Expression, absent, literal, number, table
from zetetic.tools.strings.operations.program import IDENTITY

WORDS = {name: word for name, word in vars(v).items() if isinstance(word, Word)}
TEXTS = (
    "", "a", "Z", "7", " ", "Hello World", "one two  three", "  padded ", "a1b2c3", "Mississippi", "x-y_z!", "naïve É",
    "don't \"stop\"", "tab\tnewline\n", "UPPER lower 42", "aabbcc",
)  # fmt: skip
NUMBERS = {
    "index",
    "places",
    "count",
    "times",
    "step",
    "start",
    "size",
    "width",
    "least",
    "most",
    "one",
    "other",
    "more",
    "factor",
}


def argument(name: str, rng: random.Random) -> Expression:
    """Something of the kind that a parameter of this name takes."""
    if name == "text":
        return rng.choice((CURRENT, ORIGINAL))
    if name == "positions":
        return rng.choice(
            (call(v.VOWELS, CURRENT), call(v.AT, CURRENT, number(rng.randint(-3, 4))), call(v.MIDDLE, CURRENT))
        )
    if name == "number":
        return rng.choice((call(v.LENGTH, CURRENT), call(v.NUMBER_OF, call(v.VOWELS, ORIGINAL))))
    if name == "condition":
        return call(v.IS_AT_LEAST, call(v.LENGTH, CURRENT), number(rng.randint(1, 6)))
    if name == "character":
        return call(v.CHARACTER, CURRENT, number(rng.randint(-2, 3)))
    if name == "table":
        return table({"a": "Q", "b": "", "l": "xy"})
    if name == "stop":
        return rng.choice((absent(), number(rng.randint(-3, 5))))
    if name == "place":
        return rng.choice((call(v.HALF_LENGTH, CURRENT), number(rng.randint(-3, 5))))
    if name == "direction":
        return number(rng.choice((1, -1)))
    if name in ("places", "times") and rng.random() < 0.5:
        return call(v.LENGTH, CURRENT)
    if name in ("step", "size", "divisor"):
        return number(rng.randint(1, 4))
    if name in ("start", "count", "width", "least", "most"):
        return number(rng.randint(0, 4))
    if name in ("filling", "capital", "small", "digit"):
        return literal(rng.choice("*_ x"))
    if name == "key":
        return literal("lemon")
    if name in NUMBERS:
        return number(rng.randint(-4, 4))
    return literal("".join(rng.choice(string.ascii_letters + " -'\"\\") for _ in range(rng.randint(1, 3))))


def any_call(word: Word, rng: random.Random) -> Call:
    return call(word, *[argument(name, rng) for name in word.parameters()])


def as_step(expression: Call) -> Expression | None:
    """The expression where it gives texts, or a step that makes a text of what it gives."""
    kind = expression.word.function.__annotations__["return"]
    if kind in (str, "str"):
        return expression
    if kind in (int, "int"):
        return call(v.IN_DIGITS, expression)
    if kind in (bool, "bool"):
        return call(v.CHOOSE, expression, literal("yes"), literal("no"))
    return call(v.KEEP, CURRENT, expression)


def run_code(code: str, text: str) -> str | None:
    space: dict[str, object] = {}
    exec(code, space)
    try:
        given = space["explained"](text)  # type: ignore[operator]
    except Exception:
        return None
    assert isinstance(given, str)
    return given


@pytest.mark.parametrize("name", sorted(WORDS))
def test_code_of_every_function_does_what_the_program_does(name: str) -> None:
    rng = random.Random(name)
    for _ in range(4):
        step = as_step(any_call(WORDS[name], rng))
        program = StraightProgram((step,))
        code = program.code()
        assert [run_code(code, text) for text in TEXTS] == [program(text) for text in TEXTS]
        assert program.sentence().endswith(".")
        assert "{" not in program.sentence()
        assert program.size > 0


def test_code_of_random_programs_does_what_they_do() -> None:
    rng = random.Random(7)
    words = sorted(WORDS.values(), key=lambda word: word.name)
    for _ in range(120):
        steps = [as_step(any_call(rng.choice(words), rng)) for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.2:
            steps[-1] = EachWord(steps[-1], tidily=rng.random() < 0.5)
        program = StraightProgram(tuple(steps))
        code = program.code()
        assert [run_code(code, text) for text in TEXTS] == [program(text) for text in TEXTS], code
        assert len(program.steps()) == len(steps)


def test_code_gives_a_number_where_asked() -> None:
    length = StraightProgram((call(v.REVERSE, CURRENT), call(v.IN_DIGITS, call(v.LENGTH, CURRENT))))
    kept = StraightProgram((call(v.KEEP, CURRENT, call(v.DIGITS, CURRENT)),))
    for program, expected in ((length, 5), (kept, 12)):
        space: dict[str, object] = {}
        exec(program.code(gives="number"), space)
        assert space["explained"]("a1 2b") == expected  # type: ignore[operator]
    assert "int(" not in length.code(gives="number")


def test_identity_leaves_texts_alone() -> None:
    assert [run_code(IDENTITY.code(), text) for text in TEXTS] == list(TEXTS) == [IDENTITY(text) for text in TEXTS]
    assert IDENTITY.sentence() == "Leaves the text as it is."


def test_a_step_that_fails_gives_none() -> None:
    program = StraightProgram((call(v.REQUIRE_LENGTH, CURRENT, number(3)), call(v.REVERSE, CURRENT)))
    assert (program("ab"), program("abc")) == (None, "cba")
    assert run_code(program.code(), "ab") is None


def test_sentences_read_as_a_person_would_write_them() -> None:
    vowels = call(v.REPLACE_AT, CURRENT, call(v.VOWELS, CURRENT), call(v.CHARACTER, ORIGINAL, number(-1)))
    program = StraightProgram((vowels, call(v.SHIFT, CURRENT, number(-9))))
    assert program.sentence() == (
        "Replaces the vowels with the last character of the text, then moves all letters 9 places back in the alphabet."
    )
    assert program.steps()[1] == "Moves all letters 9 places back in the alphabet."


def test_sentences_name_spaces_and_directions_plainly() -> None:
    space, minus = literal(" "), number(-1)
    told = {
        'Replaces every space with "_".': call(v.REPLACE, CURRENT, space, literal("_")),
        "Rotates the text to the right by 4.": call(v.ROTATE, CURRENT, number(-4)),
        "Appends the length of the text in digits.": call(
            v.APPEND, CURRENT, call(v.IN_DIGITS, call(v.LENGTH, CURRENT))
        ),
        "Gives minus the length of the text in digits.": call(
            v.IN_DIGITS, call(v.TIMES, call(v.LENGTH, CURRENT), minus)
        ),
        "Appends the first 2 characters of the text.": call(
            v.APPEND, CURRENT, call(v.PART_OF, CURRENT, absent(), number(2))
        ),
    }
    assert {StraightProgram((step,)).sentence() for step in told.values()} == set(told)

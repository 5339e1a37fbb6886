"""What commands print, read back by the inputs that were passed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.tools.black_boxes.pairs import parse_reply, read_outputs

P = "Function input - output pairs: "


@pytest.mark.parametrize(
    ("stdout", "arguments", "outputs"),
    [
        (P + "(1.5, 3.2) (2, 5) ", ["1.5", "2"], ["3.2", "5"]),
        (P + "(-1.0, (1.2e-16+2j)) (2.0, None) \n", ["-1.0", "2.0"], ["(1.2e-16+2j)", "None"]),
        ("chatter (1.5, 9)\n" + P + "(1.5, nan) ", ["1.5"], ["nan"]),
        (P + "(2.0, 5) (1e-07, -inf)", ["2", "0.0000001"], ["5", "-inf"]),
        (P + "(1, [[3.2]]) (1, tensor(3., grad_fn=<X>)) ", ["1", "1"], ["[[3.2]]", "tensor(3., grad_fn=<X>)"]),
        (P + "(a, b) c) (d, e, f) ", ["a", "d"], ["b) c", "e, f"]),
        (P + "(, x) ", [""], ["x"]),
        ("3.2\n\n5\n", ["1.5", "2"], ["3.2", "5"]),
        ("(1.5, 3.2) (2, 5)", ["1.5", "2"], ["3.2", "5"]),
        (P + "(1.5, 3.2) ", ["1.5", "2"], None),
        (P + "(7.5, 3.2) ", ["1.5"], None),
        (P + "(1.5, 3.2", ["1.5"], None),
        ("3.2\n5\n", ["1.5"], None),
        ("", ["1.5"], None),
    ],
)
def test_reading(stdout: str, arguments: list[str], outputs: list[str] | None) -> None:
    assert read_outputs(stdout, arguments) == outputs


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.2", 3.2),
        ("-1e-7", -1e-7),
        ("True", 1.0),
        ("(1.2e-16+2j)", 1.2e-16 + 2j),
        ("1-2i", 1 - 2j),
        ("[[3.2]]", 3.2),
        ("np.float64(3.2)", 3.2),
        ("tensor([[3.25]])", 3.25),
        ("array(3.25, dtype=float32)", 3.25),
    ],
)
def test_numbers(text: str, value: complex) -> None:
    assert parse_reply(text, "number", 0.0).value == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("nan", "not_finite"),
        ("-inf", "not_finite"),
        ("(nan+nanj)", "not_finite"),
        ("None", "raised"),
        ("", "raised"),
        ("seven", "wrong_kind"),
        ("[1. 2.]", "wrong_kind"),
        ("1, 2", "wrong_kind"),
    ],
)
def test_what_is_no_number(text: str, kind: str) -> None:
    failure = parse_reply(text, "number", 0.0).failure
    assert failure is not None
    assert failure.kind == kind


numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(numbers, numbers | st.complex_numbers(allow_nan=False, allow_infinity=False)), min_size=1))
def test_what_a_find_program_prints_is_read_back(pairs: list[tuple[float, complex]]) -> None:
    printed = P + "".join(f"({x}, {y}) " for x, y in pairs)
    outputs = read_outputs(printed, [str(x) for x, _ in pairs])
    assert outputs is not None
    assert [parse_reply(text, "number", 0.0).value for text in outputs] == [y for _, y in pairs]

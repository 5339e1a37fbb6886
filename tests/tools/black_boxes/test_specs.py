"""Specs: one door, and errors that say what was expected."""

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from zetetic.tools.black_boxes import FunctionBox, OpenOptions, SpecError, known_schemes, open_box


def register(monkeypatch: pytest.MonkeyPatch, name: str, *values: str) -> None:
    entries = EntryPoints([EntryPoint(name, value, "zetetic.black_boxes") for value in values])
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: entries.select(group=group))


def test_our_own_schemes_are_registered() -> None:
    assert {"command", "find", "http", "python"} <= set(known_schemes())


def test_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(SpecError, match=r"'teapot'.*known: .*command.*python"):
        open_box("teapot:short and stout")


@pytest.mark.parametrize("spec", ["", "python", "python:", ":f"])
def test_half_a_spec_says_how_one_looks(spec: str) -> None:
    with pytest.raises(SpecError, match="SCHEME:REST"):
        open_box(spec)


def test_a_bare_path_is_told_its_scheme() -> None:
    with pytest.raises(SpecError, match=r"python:some/file\.py:name"):
        open_box("some/file.py:name")


def test_a_strangers_opener_is_called_with_rest_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, "mine", f"{__name__}:opener")
    monkeypatch.setattr(EntryPoint, "load", lambda self: opener)
    box = open_box("mine:a:b", timeout_seconds=3.0, seed=5)
    assert box.spec == "mine:a:b 3.0 5"


def opener(rest: str, options: OpenOptions) -> FunctionBox:
    return FunctionBox(abs, spec=f"mine:{rest} {options.timeout_seconds} {options.seed}")


def test_a_broken_plug_in_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, "broken", "no_such_package_anywhere.boxes:open_box")
    with pytest.raises(SpecError, match=r"no_such_package_anywhere.*'broken'.*ModuleNotFoundError"):
        open_box("broken:x")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"timeout_seconds": 0}, "timeout"),
        ({"batch_size": 0}, "batch"),
        ({"seed": -1}, "seed"),
        ({"attempts": 0}, "at"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, int], named: str) -> None:
    with pytest.raises(SpecError, match=named):
        open_box("python:math:sin", **options)  # type: ignore[arg-type]


def test_two_claims_on_a_scheme_are_not_settled_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, "twice", "one.boxes:open_box", "other.boxes:open_box")
    with pytest.raises(SpecError, match=r"claimed by one\.boxes:open_box and by other\.boxes:open_box"):
        open_box("twice:x")


def test_nothing_registered_says_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, "none")
    with pytest.raises(SpecError, match="install zetetic again"):
        open_box("python:math:sin")

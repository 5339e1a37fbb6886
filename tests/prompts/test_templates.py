from __future__ import annotations

from pathlib import Path

import pytest

from zetetic.prompts import PromptError, names, prompt_hash, render, source


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZETETIC_PROMPTS", str(tmp_path))
    return tmp_path


def test_a_variable_that_is_not_given_is_an_error(folder: Path) -> None:
    (folder / "greeting.md.j2").write_text("Hello {{ name }} & co.")
    assert render("greeting", name="<b>") == "Hello <b> & co."
    with pytest.raises(PromptError, match="name"):
        render("greeting")


def test_a_user_s_folder_wins_and_changes_the_hash(folder: Path) -> None:
    for name in names():
        before = prompt_hash(name)
        (folder / f"{name}.md.j2").parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.md.j2").write_text(source(name) + "\nmore")
        assert prompt_hash(name) != before


def test_faults_are_told_with_their_place(folder: Path) -> None:
    (folder / "broken.md.j2").write_text("{% if %}")
    with pytest.raises(PromptError, match=r"broken.md.j2"):
        render("broken")
    with pytest.raises(PromptError, match="no prompt 'nothing'"):
        render("nothing")

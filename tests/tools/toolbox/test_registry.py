"""Plug-ins of installed packages: found, loaded, and told apart when they are broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from zetetic.tools.toolbox import ToolboxError, installed_tools, known_tools, load_tools
from zetetic.tools.toolbox.describing import argument_rows, arguments_schema

TOOL = """
from langchain_core.tools import tool
@tool
def ask(text: str) -> str:
    "Ask."
    return text
"""
BREAKS = {
    "import": ("import no_such_module_at_all\n", "broken:thing", "ModuleNotFoundError"),
    "leaves": ("raise SystemExit('bye')\n", "broken:thing", "SystemExit"),
    "missing": ("", "broken:thing", "AttributeError"),
    "raises": ("def thing(): raise RuntimeError('no licence')\n", "broken:thing", "no licence"),
    "function": ("def thing(text): return text\n", "broken:thing", "decorate a function"),
    "a number": ("thing = 7\n", "broken:thing", "got int"),
    "nothing": ("def thing(): return []\n", "broken:thing", "an empty list"),
    "a strange list": (TOOL + "def thing(): return [ask, 'x']\n", "broken:thing", "got str"),
    "a name": (TOOL + "ask.name = 'two words'\n", "broken:ask", "chat models refuse"),
}


def test_ours_come_through_the_same_door() -> None:
    assert {"patchscope", "explain_dataset", "qa_features"} <= set(known_tools())
    assert [tool.name for tool in load_tools(["patchscope"])] == ["patchscope"]
    assert {offer.source for offer in installed_tools(["patchscope", "qa_features"])} == {"package zetetic"}


def test_the_example_package_is_found_and_works(plugin: Path) -> None:
    tools = {tool.name: tool for tool in load_tools(["text_statistics"])}
    assert set(tools) == {"text_traits", "word_contrast"}
    said = tools["word_contrast"].invoke({"texts_a": ["an otter"] * 9, "texts_b": ["a heron"] * 9, "most": 1})
    assert [line.split(":")[0] for line in said.splitlines()] == ["an", "a"]
    assert [tool.name for tool in load_tools(["word_contrast"])] == ["word_contrast"]
    rows = argument_rows(arguments_schema(tools["word_contrast"]))
    assert [row[:3] for row in rows] == [
        ("texts_a", "list of string", ", required"),
        ("texts_b", "list of string", ", required"),
        ("most", "integer", ", default 10"),
    ]


@pytest.mark.parametrize("shape", ["ask", "make", "many", "Kind"])
def test_an_entry_names_a_tool_or_what_makes_one(package: Callable[..., Path], shape: str) -> None:
    more = "def make(): return ask\ndef many(): return (ask,)\n"
    more += "class Kind(type(ask)):\n    def __new__(cls, **given): return ask\n"
    package("fine", TOOL + more, fine=f"fine:{shape}")
    (tool,) = load_tools(["fine"])
    assert tool.invoke({"text": "yes"}) == "yes"


@pytest.mark.parametrize("how", BREAKS)
def test_a_broken_plugin_names_its_package_and_remedy_and_harms_no_other(
    package: Callable[..., Path], how: str
) -> None:
    source, value, says = BREAKS[how]
    package("broken", source, mine=value)
    with pytest.raises(ToolboxError, match=r"package broken .*; repair or uninstall broken") as e:
        load_tools(["mine"])
    assert says in str(e.value)
    offers = {offer.name: offer for offer in installed_tools(["mine", "patchscope"])}
    assert offers["mine"].fault == str(e.value)
    assert not offers["patchscope"].fault
    assert load_tools(["patchscope"])


def test_unknown_names_say_what_there_is() -> None:
    with pytest.raises(ToolboxError, match=r"no tool is called 'oracle'; known: .*patchscope"):
        load_tools(["oracle"])


def test_two_tools_of_one_name_are_not_mixed_up(package: Callable[..., Path]) -> None:
    package("one", TOOL, first="one:ask")
    package("two", TOOL, second="two:ask")
    with pytest.raises(ToolboxError, match=r"'ask' is offered by package one .* and by package two"):
        load_tools(["first", "second"])
    assert len(load_tools(["second"])) == 1
    with pytest.raises(ToolboxError, match="one of ours"):
        load_tools(["first"], taken={"ask"})


def test_two_packages_of_one_entry_are_told(package: Callable[..., Path]) -> None:
    package("one", TOOL, same="one:ask")
    package("two", TOOL, same="two:ask")
    with pytest.raises(ToolboxError, match="claimed by one:ask and by two:ask; uninstall one"):
        load_tools(["same"])

"""Plain text that ships with Python."""

from __future__ import annotations

from zetetic.tools.patchscope.plain_text import LEAST_CHARACTERS, MOST_CHARACTERS, passages


def test_there_is_plenty_from_many_origins_and_none_twice():
    found = passages()
    assert len(found) > 500
    assert len({p.origin for p in found}) > 100
    assert len({p.text for p in found}) == len(found)
    assert all(0.5 * LEAST_CHARACTERS < len(p.text) <= MOST_CHARACTERS for p in found)
    assert all(">>>" not in p.text and "\n" not in p.text for p in found)

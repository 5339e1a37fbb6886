"""The published effect on the embedded model, and the control that explains most of it."""

from __future__ import annotations

import pytest

from zetetic.benchmarks.patchscopes import PatchscopesOptions, run_patchscopes
from zetetic.models.embedded import SMOLLM2, is_stored


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not is_stored(SMOLLM2), reason="needs the embedded model: zetetic models get smollm2")
def test_token_identity_beats_the_logit_lens_and_not_the_controls(tmp_path):
    options = PatchscopesOptions(parts=("next-token",), positions=60, fit_texts=60, out=tmp_path / "results.jsonl")
    report = run_patchscopes(options).next_token
    assert report is not None
    assert report.bar_met, report.verdict
    controls = [d.precision for d in report.differences if d.kind == "control"]
    assert len(controls) == 3
    assert all(abs(d.value) < 0.15 for d in controls), "a control far from the target would be news"
    assert "an unrelated target does" in report.verdict

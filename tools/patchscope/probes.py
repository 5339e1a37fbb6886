"""The linear probe that Patchscopes are compared with: a classifier of hidden states, judged on unseen subjects.

Patchscopes, section 4.2 (arXiv:2401.06102). Unlike a Patchscope it is trained, and it can only name what it has seen.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...models.addresses import residual
from .errors import PatchscopeError
from .places import AtCharacter, check_layers, resolve_position

if TYPE_CHECKING:
    from ...models import LanguageModel
    from .task_files import Example

FOLDS = 5
STRENGTH = 1.0
"""Inverse penalty of the classifier, scikit-learn's default, on standardized inputs."""


def subject_states(model: LanguageModel, examples: Sequence[Example], layers: Sequence[int]) -> NDArray[np.float32]:
    """(examples, layers, d_model): the residual stream at the last token of each example's subject."""
    wanted = check_layers(model, layers)
    prompts = [model.prompt(e.text) for e in examples]
    positions = [[resolve_position(p, AtCharacter(e.subject_end - 1))] for p, e in zip(prompts, examples)]
    states = model.capture(prompts, [residual(layer) for layer in wanted], positions)
    stacked = [states.stack(residual(layer))[:, 0].float().cpu().numpy() for layer in wanted]
    return np.stack(stacked, axis=1)


def probe(
    states: NDArray[np.float32], answers: Sequence[str], subjects: Sequence[str], *, folds: int = FOLDS
) -> NDArray[np.bool_]:
    """(examples, layers): whether a linear classifier of `states` (examples, layers, d_model) names the answer.

    Each example is judged by a classifier that saw no example of its subject. An answer that only this subject has can
    therefore not be named; that is a limit of probes, not an error.
    """
    from sklearn.model_selection import GroupKFold

    if len(states) != len(answers) or len(answers) != len(subjects):
        raise PatchscopeError(
            f"expected an answer and a subject for each of {len(states)} states, got {len(answers)} and {len(subjects)}"
        )
    groups = len(set(subjects))
    if groups < 2:
        raise PatchscopeError(f"expected at least 2 subjects to hold one out, got {groups}; pass more examples")
    named = np.zeros(states.shape[:2], dtype=bool)
    truth = np.array(answers)
    for train, test in GroupKFold(min(folds, groups)).split(states, groups=np.array(subjects)):
        for layer in range(states.shape[1]):
            named[test, layer] = _classify(states[train, layer], truth[train], states[test, layer]) == truth[test]
    return named


def _classify(x: NDArray[np.float32], y: NDArray[np.str_], new: NDArray[np.float32]) -> NDArray[np.str_]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if len(set(y.tolist())) == 1:
        return np.full(len(new), y[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that has not quite converged is good enough for a baseline
        classifier: Any = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=300))
        classifier.fit(x, y)
    return np.asarray(classifier.predict(new))

"""A light classifier of intent over sentence vectors and cues, fitted on shipped utterances.

Its weights for the default embedder are shipped. For another one it is fitted on first use, once a process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import yaml

from agentmem.stores.task.rule.cues import flags
from agentmem.stores.task.rule.meaning import Embed, Vectors
from agentmem.stores.task.rule.phrases import plain

LABELS = ("new", "update", "rollback", "merge", "depend", "check", "done", "none")
CUES = (
    "request",
    "question",
    "doubt",
    "done",
    "done_not",
    "merge",
    "other",
    "rollback_strong",
    "rollback_weak",
    "depend",
    "new",
    "approval",
    "refusal",
    "opening",
)
CUE_SCALE = 0.5
INVERSE_REGULARISATION = 10.0
SAME = 0.99
"""Least cosine of the probe's vectors at which two embedders are the same one."""
PROBE = "What was settled stands until it is changed."
FOLDER = "agentmem.stores.task.rule"


@dataclass(frozen=True)
class IntentModel:
    """A linear model.

    Attributes:
        weights: Shape (labels, dimensions + cues).
        bias: Shape (labels).
        probe: The vector of `PROBE`, which tells the embedder that it was fitted for.
    """

    weights: Vectors
    bias: Vectors
    probe: Vectors

    def probabilities(self, texts: Sequence[str], vectors: Vectors) -> list[dict[str, float]]:
        """Of each label, for each text with its vector."""
        if not texts:
            return []
        scores = features(texts, vectors) @ self.weights.T + self.bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = raised / raised.sum(axis=1, keepdims=True)
        return [dict(zip(LABELS, map(float, row), strict=True)) for row in shares]

    def to_bytes(self) -> bytes:
        """The model as an npz file."""
        buffer = BytesIO()
        np.savez_compressed(buffer, weights=self.weights, bias=self.bias, probe=self.probe)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> IntentModel:
        """A model from its npz file."""
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            return cls(arrays["weights"], arrays["bias"], arrays["probe"])


def utterances() -> tuple[list[str], list[str]]:
    """The shipped utterances and their labels."""
    text = files(FOLDER).joinpath("utterances.yaml").read_text(encoding="utf-8")
    labelled: dict[str, list[str]] = yaml.safe_load(text)
    pairs = [(said, label) for label, some in labelled.items() for said in some]
    return [said for said, _ in pairs], [label for _, label in pairs]


def features(texts: Sequence[str], vectors: Vectors) -> Vectors:
    """Vectors and cues side by side, shape (texts, dimensions + cues + 1)."""
    told = [[*flags(plain(text), CUES), float(text.rstrip().endswith("?"))] for text in texts]
    return np.hstack([vectors, CUE_SCALE * np.array(told, dtype=np.float32)]).astype(np.float32)


def fit(vectors: Vectors, texts: Sequence[str], labels: Sequence[str], probe: Vectors) -> IntentModel:
    """Fit by logistic regression; classes weigh the same."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=2000, class_weight="balanced")
    model.fit(features(texts, vectors), labels)
    order = [list(model.classes_).index(label) for label in LABELS]
    return IntentModel(
        model.coef_[order].astype(np.float32), model.intercept_[order].astype(np.float32), probe
    )


def model_for(embed: Embed) -> IntentModel:
    """The shipped model where `embed` is what it was fitted for, else one fitted now and kept."""
    probe = embed([PROBE])[0]
    shipped = _shipped()
    if shipped is not None and _same(shipped.probe, probe):
        return shipped
    for kept in _FITTED:
        if _same(kept.probe, probe):
            return kept
    texts, labels = utterances()
    _FITTED.append(fit(embed(texts), texts, labels, probe))
    return _FITTED[-1]


_FITTED: list[IntentModel] = []


def _same(one: Vectors, other: Vectors) -> bool:
    return one.shape == other.shape and float(one @ other) > SAME


@cache
def _shipped() -> IntentModel | None:
    file = files(FOLDER).joinpath("intent.npz")
    return IntentModel.from_bytes(file.read_bytes()) if file.is_file() else None

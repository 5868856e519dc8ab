"""What other people's embedders give is looked at, whatever it is."""

from __future__ import annotations

import numpy as np
import pytest

from agentmem.embedders.checked import Broken, parts_of, vectors_of
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import InvalidInput, Unavailable

TEXTS = ["the quick fox", "the lazy dog"]


class Giving(HashingEmbedder):
    """An embedder that gives what a function makes of its vectors."""

    def __init__(self, change) -> None:
        super().__init__()
        self.change = change

    def embed(self, texts):
        return self.change(super().embed(texts))


@pytest.mark.parametrize("form", [np.float16, np.float32, np.float64])
def test_vectors_of_any_precision_are_taken(form):
    vectors = vectors_of(Giving(lambda vectors: vectors.astype(form)), TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, HashingEmbedder().embed(TEXTS), atol=1e-3)
    assert vectors_of(Giving(lambda vectors: vectors.tolist()), TEXTS).shape == (2, 64)


def test_no_texts_give_no_vectors():
    assert vectors_of(HashingEmbedder(), []).shape == (0, 64)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda vectors: vectors * np.nan, "NaN"),
        (lambda vectors: np.where(np.arange(64) == 7, np.nan, vectors), "NaN"),
        (lambda vectors: np.full_like(vectors, np.inf), "NaN or infinity"),
        (lambda vectors: vectors * 0, "length 0"),
        (lambda vectors: vectors * 1e6, r"length 1e\+06"),
        (lambda vectors: (vectors * 127).astype(np.int8), "length 1"),
        (lambda vectors: vectors[:, :10], r"shape \(2, 10\)"),
        (lambda vectors: vectors[:-1], r"shape \(1, 64\)"),
        (lambda vectors: np.vstack([vectors, vectors]), r"shape \(4, 64\)"),
        (lambda vectors: vectors.ravel(), r"shape \(128,\)"),
        (lambda vectors: vectors.astype(complex), "shape"),
        (lambda vectors: None, "shape"),
        (lambda vectors: "vectors", "broke"),
        (lambda vectors: [[1.0], [1.0, 2.0]], "broke"),
        (lambda vectors: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_anything_else_is_one_clear_error(change, said: str):
    with pytest.raises(Broken, match=said) as caught:
        vectors_of(Giving(change), TEXTS)
    assert "hashing-64" in str(caught.value)


def test_errors_of_ours_pass():
    def refuse(vectors):
        raise InvalidInput("too long")

    with pytest.raises(InvalidInput):
        vectors_of(Giving(refuse), TEXTS)


def test_what_cannot_be_split_is_one_clear_error():
    class Unsplit(HashingEmbedder):
        def parts(self, text):
            return text.no_such_method()

    with pytest.raises(Unavailable, match="AttributeError"):
        parts_of(Unsplit(), TEXTS)

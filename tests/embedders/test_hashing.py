"""The embedder without a model: unit vectors, stable, near for near texts."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.embedders import Embedder, HashingEmbedder
from agentmem.errors import InvalidInput

texts = st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip()))


@settings(deadline=None)
@given(st.lists(texts, max_size=8), st.integers(2, 96))
def test_rows_are_unit_vectors_and_do_not_depend_on_the_batch(batch: list[str], dimensions: int) -> None:
    embedder = HashingEmbedder(dimensions)
    vectors = embedder.embed(batch)
    assert vectors.shape == (len(batch), dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for text, vector in zip(batch, vectors, strict=True):
        assert np.array_equal(embedder.embed([text])[0], vector)


def test_the_same_on_every_machine_and_in_every_process() -> None:
    vector = HashingEmbedder(8).embed(["Maya moved to Lisbon"])[0]
    assert np.allclose(
        vector,
        [
            0.0,
            0.6395999789237976,
            0.1421000063419342,
            -0.42640000581741333,
            0.1421000063419342,
            -0.5684999823570251,
            -0.21320000290870667,
            0.0,
        ],
        atol=1e-4,
    )


def test_near_texts_are_nearer_than_far_ones() -> None:
    one, near, typo, far = HashingEmbedder(256).embed(
        [
            "Maya moved to Lisbon in March",
            "in March, Maya was moving to Lisbon",
            "Maya movd to Lisbonn in March",
            "the recipe needs two eggs",
        ]
    )
    assert one @ near > 0.6
    assert one @ typo > 0.5
    assert abs(one @ far) < 0.3


def test_an_embedder_by_protocol_with_one_part_a_text() -> None:
    embedder = HashingEmbedder()
    assert isinstance(embedder, Embedder)
    assert (embedder.name, embedder.dimensions) == ("hashing-64", 64)
    assert embedder.parts("word " * 9999) == ["word " * 9999]
    assert embedder.parts(" \n") == []


def test_blank_texts_and_tiny_dimensions_are_refused() -> None:
    with pytest.raises(InvalidInput, match="blank"):
        HashingEmbedder().embed(["fine", "  "])
    with pytest.raises(InvalidInput, match="hashing:1"):
        HashingEmbedder(1)


def test_a_thousand_lines_take_well_under_a_second() -> None:
    lines = [f"Tom: on day {day} we met near the old harbour and talked about boats" for day in range(1000)]
    began = time.perf_counter()
    HashingEmbedder().embed(lines)
    assert time.perf_counter() - began < 2.0

"""all-MiniLM-L6-v2 on CUDA: the vectors of the CPU, sooner, and sooner still in fp16."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from agentmem.embedders.sentence_transformers import SentenceTransformersEmbedder

pytestmark = [pytest.mark.gpu, pytest.mark.filterwarnings("default")]  # those of CUDA libraries are theirs

TEXTS = [
    "Maya keeps bees behind the chapel.",
    "My trombone was stolen in Graz.",
    "x",
    "天气很好 🐝",
    "The police found the trombone, in a shed, after three weeks. " * 12,
]


def rate(embedder: SentenceTransformersEmbedder, texts: list[str]) -> float:
    """Texts a second, the best of three."""
    embedder.embed(texts[:256])
    took = []
    for _ in range(3):
        began = perf_counter()
        embedder.embed(texts)
        took.append(perf_counter() - began)
    return len(texts) / min(took)


def test_vectors_are_those_of_the_cpu() -> None:
    expected = SentenceTransformersEmbedder("cpu").embed(TEXTS)
    found = SentenceTransformersEmbedder("cuda").embed(TEXTS)
    assert np.einsum("ij,ij->i", expected, found).min() >= 0.9999


def test_half_floats_change_the_vectors_by_little() -> None:
    expected = SentenceTransformersEmbedder("cpu").embed(TEXTS)
    found = SentenceTransformersEmbedder("cuda", half=True).embed(TEXTS)
    assert np.einsum("ij,ij->i", expected, found).min() >= 0.999


def test_it_is_faster_than_the_cpu_and_no_slower_in_half_floats() -> None:
    texts = [f"{TEXTS[4]} {number}" for number in range(2_048)]
    cpu = rate(SentenceTransformersEmbedder("cpu"), texts[:128])
    single = rate(SentenceTransformersEmbedder("cuda"), texts)
    half = rate(SentenceTransformersEmbedder("cuda", half=True), texts)
    assert single > cpu
    assert half > 0.9 * single  # what is spent on the tokenizer is the same for both

"""The real model on the CPU: it agrees with the reference, alone or in a batch, in threads and forks."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.embedders.base import Embedder
from agentmem.embedders.onnx import OnnxEmbedder, batches
from agentmem.embedders.sentence_transformers import SentenceTransformersEmbedder
from agentmem.errors import InvalidInput, Unavailable

LINES = [
    "ok",
    "Ana: did you book the ferry for the 14th?",
    "Ben: yes!! two seats, window side. It leaves at 7:45",
    "my sister is allergic to peanuts, not to almonds as I said",
    "冬に北海道でスキーをしました",
    "¿Quién trajo el pastel? 🎂",
    "the invoice 2024-118 over 1.250,00 € is still unpaid",
    " ".join(f"item {number} costs {number * 3} crowns and weighs {number} grams;" for number in range(60)),
]


def test_agrees_with_the_reference_under_the_same_name(
    minilm: OnnxEmbedder, reference: SentenceTransformersEmbedder
) -> None:
    parts = [part for line in LINES for part in minilm.parts(line)]
    assert len(parts) > len(LINES), "the long line has several parts"
    ours, theirs = minilm.embed(parts), reference.embed(parts)
    assert ours.shape == (len(parts), minilm.dimensions)
    assert ours.dtype == theirs.dtype == np.float32
    assert (ours * theirs).sum(axis=1).min() > 0.9999
    assert minilm.name == reference.name
    assert isinstance(minilm, Embedder)
    assert isinstance(reference, Embedder)


def test_a_vector_hardly_depends_on_its_batch(minilm: OnnxEmbedder) -> None:
    together = minilm.embed(LINES[:7])
    alone = np.concatenate([minilm.embed([line]) for line in LINES[:7]])
    assert np.abs(together - alone).max() < 1e-6
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)


def test_near_meanings_are_near(minilm: OnnxEmbedder) -> None:
    question, answer, other = minilm.embed(
        ["When does the boat leave?", "The ferry departs at a quarter to eight.", "She bakes rye bread."]
    )
    assert question @ answer > question @ other + 0.2


def test_nothing_gives_no_rows_and_too_much_is_refused(
    minilm: OnnxEmbedder, reference: SentenceTransformersEmbedder
) -> None:
    for embedder in (minilm, reference):
        assert embedder.embed([]).shape == (0, 384)
        for text in ("", " \n", "word " * 300):
            with pytest.raises(InvalidInput, match="parts"):
                embedder.embed([text])


def test_threads_embed_at_once(minilm: OnnxEmbedder, reference: SentenceTransformersEmbedder) -> None:
    expected = minilm.embed(LINES[:4])
    with ThreadPoolExecutor(8) as pool:
        for embedder in (minilm, reference):
            for vectors in pool.map(lambda _, one=embedder: one.embed(LINES[:4]), range(16)):
                assert np.abs(vectors - expected).max() < 1e-5


def test_a_file_that_is_no_model_is_named_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"no model")
    with pytest.raises(Unavailable, match="delete"):
        OnnxEmbedder(file).embed(["hello"])
    with pytest.raises(Unavailable, match="delete"):
        OnnxEmbedder(file).load()


def test_loads_no_torch_sends_nothing_and_survives_a_fork(export: Path, tmp_path: Path) -> None:
    script = f"""
import os, sys
from pathlib import Path
from agentmem.embedders.onnx import OnnxEmbedder
embedder = OnnxEmbedder(Path({str(export)!r}))
embedder.embed(["one", "two words"])
heavy = {{"torch", "transformers", "sentence_transformers", "onnx"}} & set(sys.modules)
assert not heavy, heavy
if hasattr(os, "fork"):
    child = os.fork()
    embedder.embed(["three more words"] * 40)
    if child == 0:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""
    home = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    home.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", script], env=home, check=True, timeout=60)
    assert not list(tmp_path.iterdir()), "the runtime's telemetry keeps its outbox there when it is on"


@given(st.lists(st.integers(1, 256), max_size=80), st.integers(1, 600))
def test_batches_hold_each_text_once_within_the_budget(lengths: list[int], budget: int) -> None:
    groups = [group.tolist() for group in batches(lengths, budget)]
    assert sorted(place for group in groups for place in group) == list(range(len(lengths)))
    for group in groups:
        assert len(group) == 1 or len(group) * max(lengths[place] for place in group) <= budget

"""Which embedder a name opens."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from agentmem.config import Settings
from agentmem.devices import accelerator
from agentmem.embedders import Embedder, HashingEmbedder, open_embedder
from agentmem.embedders.onnx import OnnxEmbedder
from agentmem.embedders.sentence_transformers import SentenceTransformersEmbedder
from agentmem.errors import InvalidInput, Unavailable

ENTRY_POINT = """[agentmem.embedders]
third = third_party_embedder:make
"""

THIRD_PARTY = """from agentmem.embedders import HashingEmbedder

def make(settings, argument):
    return HashingEmbedder(int(argument))
"""


def test_hashing_with_and_without_its_dimension() -> None:
    assert open_embedder(Settings(embedder="hashing")).name == "hashing-64"
    assert open_embedder(Settings(embedder="hashing:128")).dimensions == 128


@pytest.mark.parametrize("name", ["word2vec", "", "hashing:many", "hashing:-1", "minilm:big", "openai:"])
def test_a_name_that_makes_no_sense_is_refused_with_a_remedy(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_embedder(Settings(embedder=name))
    assert caught.value.remedy


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="hashing, minilm, openai"):
        open_embedder(Settings(embedder="word2vec"))


def test_another_package_adds_an_embedder_by_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "third_party_embedder.py").write_text(THIRD_PARTY)
    info = tmp_path / "third_party_embedder-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: third-party-embedder\nVersion: 1\n")
    (info / "entry_points.txt").write_text(ENTRY_POINT)
    monkeypatch.syspath_prepend(tmp_path)
    embedder = open_embedder(Settings(embedder="third:32"))
    assert isinstance(embedder, HashingEmbedder)
    assert embedder.dimensions == 32
    with pytest.raises(InvalidInput, match="third"):
        open_embedder(Settings(embedder="fourth"))


@pytest.mark.usefixtures("export")
def test_minilm_runs_by_onnx_on_the_cpu_and_by_torch_where_asked() -> None:
    assert isinstance(open_embedder(Settings(device="cpu")), OnnxEmbedder)
    assert isinstance(open_embedder(Settings(runtime="onnx")), OnnxEmbedder)
    assert isinstance(open_embedder(Settings(runtime="torch")), SentenceTransformersEmbedder)
    assert isinstance(open_embedder(Settings(device="cuda")), SentenceTransformersEmbedder)
    assert accelerator() in (None, "cuda", "mps")


def test_a_cache_that_cannot_be_written_is_done_without_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "file"
    file.touch()
    settings = Settings(device="cpu", cache_dir=file / "cache")
    with caplog.at_level(logging.WARNING):
        embedder = open_embedder(settings)
        open_embedder(settings)
    assert isinstance(embedder, Embedder)
    assert embedder.embed(["still works"]).shape == (1, 384)
    said = [record for record in caplog.records if "cannot be written" in record.message]
    assert len(said) == 1
    with pytest.raises(Unavailable, match="cannot be written"):
        open_embedder(Settings(runtime="onnx", cache_dir=file / "cache"))

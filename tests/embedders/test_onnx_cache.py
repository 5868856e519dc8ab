"""The export in the cache: made once, checked, done without where the folder cannot be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agentmem.embedders.onnx import OnnxEmbedder
from agentmem.embedders.onnx_cache import MANIFEST, Manifest, export_folder, exported, keep
from agentmem.embedders.weights import WEIGHTS_SHA256
from agentmem.errors import Damaged, Unavailable


@pytest.fixture
def cache(export: Path, tmp_path: Path) -> Path:
    """A copy of the user's cache that a test may spoil."""
    shutil.copytree(export.parent, export_folder(tmp_path))
    return tmp_path


def manifest(folder: Path) -> Manifest:
    return Manifest.model_validate_json((folder / MANIFEST).read_bytes())


def test_the_manifest_says_what_was_made_from_what(export: Path) -> None:
    written = manifest(export.parent)
    assert written.weights.sha256 == WEIGHTS_SHA256
    assert written.parity >= 0.9999
    assert {"torch", "onnx", "onnxruntime"} <= set(written.exporter)


def test_a_cache_that_was_moved_is_used_as_it_is(cache: Path) -> None:
    path = exported(cache)
    assert path.is_relative_to(cache)
    OnnxEmbedder(path).embed(["hello"])


def test_a_touched_export_is_read_again_and_kept(cache: Path) -> None:
    path = exported(cache)
    os.utime(path, ns=(1, 1))
    assert exported(cache) == path
    assert manifest(path.parent).model.mtime_ns == 1


def test_another_exporter_has_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = export_folder(tmp_path)
    monkeypatch.setattr("agentmem.embedders.onnx_cache.RECIPE", 2)
    assert export_folder(tmp_path) != before


def test_other_weights_are_refused_though_the_export_stands(
    cache: Path, other_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(other_weights)
    with pytest.raises(Damaged, match="published"):
        exported(cache)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(Unavailable, match="AGENTMEM_CACHE_DIR"):
        exported(file / "cache")


def test_a_manifest_replaces_the_old_one_whole(cache: Path) -> None:
    folder = exported(cache).parent
    written = manifest(folder).model_copy(update={"parity": 1.0})
    keep(written, folder)
    assert manifest(folder) == written
    assert not list(folder.glob("*.tmp"))


@pytest.mark.slow
def test_a_damaged_export_is_made_again_by_two_processes_at_once(cache: Path) -> None:
    damaged = exported(cache)
    damaged.write_bytes(damaged.read_bytes()[:1000])
    script = (
        "import sys; from pathlib import Path; from agentmem.embedders.onnx import OnnxEmbedder;"
        "from agentmem.embedders.onnx_cache import exported;"
        "OnnxEmbedder(exported(Path(sys.argv[1]))).embed(['hello'])"
    )
    children = [subprocess.Popen([sys.executable, "-c", script, str(cache)]) for _ in range(2)]
    assert [child.wait(timeout=500) for child in children] == [0, 0]
    folder = export_folder(cache)
    assert exported(cache).name == manifest(folder).file
    assert not list(folder.glob("*.tmp")) + list(folder.glob("export-*")), "nothing half-made is left"

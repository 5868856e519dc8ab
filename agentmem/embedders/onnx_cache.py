"""Keeps the ONNX export in the user's cache: found and checked, or made once by a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from agentmem.embedders.weights import WEIGHTS_SHA256, Fingerprint, find_weights
from agentmem.errors import Unavailable
from agentmem.logs import logger

log = logger(__name__)

EXPORTER = ("torch", "transformers", "sentence-transformers", "onnx", "onnxscript", "onnxruntime")
"""The packages whose versions decide what the export is, and whether its parity still holds."""

RECIPE = 1
"""Counts changes of `export.py` that change what it makes."""

MANIFEST = "manifest.json"

EXPORT_SECONDS = 600.0
"""How long the child may take; 20 s is usual on two cores."""

OFFLINE = {"ORT_DISABLE_TELEMETRY": "1", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


class Manifest(BaseModel):
    """What lies in the cache folder, from what it was made, and how well it agrees.

    Attributes:
        exporter: Version by package.
        source: Where the weights were when they were last looked at.
        weights: The weights that it was made from.
        file: Name of the export, in the folder of the manifest.
        model: The export.
        parity: The lowest cosine with the reference over the parity texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    exporter: dict[str, str]
    source: Path
    weights: Fingerprint
    file: str
    model: Fingerprint
    parity: float


def exported(cache_dir: Path) -> Path:
    """The checked model file under `cache_dir`, made now if there is none (20 s, once).

    Several processes may do this at once: each file is moved into place whole.

    Raises:
        NotFound: the package with the weights is not installed.
        Damaged: the weights are not the published ones.
        Unavailable: the export cannot be made or kept, or does not agree with the reference.
    """
    folder = export_folder(cache_dir)
    found = _found(folder)
    if found is None:
        find_weights().checked()
        log.info("preparing all-MiniLM-L6-v2 for this machine: once, some 20 s")
        _make(folder)
        found = _found(folder)
    if found is None:
        raise Unavailable(f"the ONNX export in {folder} is damaged as soon as it is made", "check the disk")
    return found


def export_folder(cache_dir: Path) -> Path:
    """Where the export of these weights by this exporter is kept: another one has another folder."""
    recipe = json.dumps([WEIGHTS_SHA256, exporter()], sort_keys=True)
    return cache_dir.absolute() / "onnx" / sha256(recipe.encode()).hexdigest()[:16]


def exporter() -> dict[str, str]:
    """The version of everything that makes, or runs, the export.

    Raises:
        Unavailable: one of the packages is missing.
    """
    try:
        return {name: version(name) for name in EXPORTER} | {"recipe": str(RECIPE)}
    except PackageNotFoundError as error:
        raise Unavailable(
            f"the package {error.name} is missing", "pip install agentmem installs all that it needs"
        ) from error


def keep(manifest: Manifest, folder: Path) -> None:
    """Write `manifest` into `folder`, whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".tmp", delete=False) as file:
        file.write(manifest.model_dump_json(indent=2))
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(folder / MANIFEST)


def _found(folder: Path) -> Path | None:
    """The model in `folder` if it is what its manifest says; files are read only where they changed.

    Raises:
        Damaged: the packaged weights changed, and are no longer the published ones.
    """
    weights = find_weights()
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        path = folder / manifest.file
        seen = manifest
        if not manifest.model.unchanged(path):
            seen = seen.model_copy(update={"model": Fingerprint.of(path)})
    except (OSError, ValidationError):
        return None
    if seen.model.sha256 != manifest.model.sha256:
        return None
    if weights.file != manifest.source or not manifest.weights.unchanged(weights.file):
        seen = seen.model_copy(update={"source": weights.file, "weights": weights.checked()})
    if seen != manifest:
        with suppress(OSError):  # a cache that cannot be written costs a second look next time
            keep(seen, folder)
    return path


def _make(folder: Path) -> None:
    """Export in a child process, so that torch never enters this one.

    Raises:
        Unavailable: the child failed; its last words are in the message.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Unavailable(
            f"the cache folder {folder} cannot be written: {error}", "set AGENTMEM_CACHE_DIR to one that can"
        ) from error
    # With -P and this path the child sees the packages that this process sees, and no others.
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    environment = {**os.environ, **OFFLINE, "PYTHONPATH": path}
    command = [sys.executable, "-P", "-m", "agentmem.embedders.export", str(folder)]
    try:
        child = subprocess.run(  # noqa: S603 - our own module
            command, env=environment, capture_output=True, text=True, timeout=EXPORT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"the ONNX export did not run: {error}", "set AGENTMEM_RUNTIME=torch") from error
    if child.returncode:
        last = child.stderr.strip().splitlines()[-1:] or [f"exit code {child.returncode}"]
        raise Unavailable(f"the ONNX export failed: {last[0]}", "set AGENTMEM_RUNTIME=torch")

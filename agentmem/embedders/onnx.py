"""all-MiniLM-L6-v2 on the CPU by ONNX Runtime, without torch in the process."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agentmem.embedders.base import Matrix
from agentmem.embedders.tokenizer import load_tokenizer
from agentmem.embedders.weights import DIMENSIONS, NAME
from agentmem.errors import Unavailable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "sentence"

BATCH_TOKENS = 512
"""Tokens of one run, padding included. More is no faster on a CPU, for it leaves the cache."""


class OnnxEmbedder:
    """Runs the export at `path`, loaded on first use, on all cores.

    Several threads may embed at once, and a forked child loads its own session. A vector depends on
    the texts that share its batch by about 1e-7 a component, because sums are ordered otherwise.

    Args:
        path: The model file that `onnx_cache.exported` gives.
    """

    name = NAME
    dimensions = DIMENSIONS

    def __init__(self, path: Path) -> None:
        self.path = path

    def parts(self, text: str) -> list[str]:
        """Split `text` into parts that fit the window of 256 tokens; `[]` for a blank text."""
        return load_tokenizer().parts(text)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed `texts`, one part each; shape (len(texts), 384), rows of length 1.

        Raises:
            InvalidInput: a text is blank or longer than the window.
            Unavailable: the export cannot be loaded.
        """
        tokenizer = load_tokenizer()
        rows = [tokenizer.encode(text) for text in texts]
        vectors = np.empty((len(rows), DIMENSIONS), dtype=np.float32)
        if not rows:
            return vectors
        session = self._loaded()
        for batch in batches([len(row) for row in rows], BATCH_TOKENS):
            vectors[batch] = session.run([OUTPUT], _padded([rows[place] for place in batch]))[0]
        return vectors

    def load(self) -> None:
        """Load the model now, which else happens with the first text.

        Raises:
            Unavailable: the export cannot be loaded.
        """
        load_tokenizer()
        self._loaded()

    def _loaded(self) -> InferenceSession:
        with _OPENING:  # of two threads that need it first, one makes it
            return _session(self.path, os.getpid())


def batches(lengths: Sequence[int], budget: int) -> Iterator[NDArray[np.intp]]:
    """Group texts of like length, so that little is padded.

    Args:
        lengths: Tokens of each text.
        budget: Tokens of one batch at most, padding included; a longer text is a batch alone.

    Yields:
        Places in `lengths`; each place once, the shortest texts first.
    """
    order = np.argsort(np.asarray(lengths), kind="stable")
    first = 0
    for after in range(1, len(order) + 1):
        if after == len(order) or (after + 1 - first) * lengths[order[after]] > budget:
            yield order[first:after]
            first = after


def _padded(rows: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int64]]:
    shape = (len(rows), max(map(len, rows)))
    ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return dict(zip(INPUTS, (ids, mask, np.zeros_like(ids)), strict=True))


_OPENING = Lock()


@cache
def _session(path: Path, process: int) -> InferenceSession:
    """One session a file and process: threads share it, but its own threads do not survive a fork."""
    # Official builds since 1.29 report to their maker unless this stands before the first import;
    # the call below is for a process that had imported it already.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Threads that spin for work gain a little on an idle machine, and halve the rate on a busy one.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its exceptions have no common base but this one
        raise Unavailable(
            f"the ONNX export {path} cannot be loaded: {error}",
            f"delete {path.parent}, and it is made again; or set AGENTMEM_RUNTIME=torch",
        ) from error

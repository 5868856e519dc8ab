"""Where a run keeps its files: a temporary folder that is removed, or one that a later run uses again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from agentmem.errors import InvalidInput
from agentmem_bench.speed import corpus
from agentmem_bench.speed.synthetic import SyntheticEmbedder

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder


@dataclass(frozen=True)
class Place:
    """A folder, and what the synthetic texts and vectors in it are made of."""

    folder: Path
    real: corpus.Source
    seed: int

    @cached_property
    def fingerprint(self) -> str:
        """Tells runs apart that would not make the same banks."""
        return f"{self.real.fingerprint}-{self.seed}"

    @cached_property
    def embedder(self) -> SyntheticEmbedder:
        """Makes the synthetic vectors."""
        return SyntheticEmbedder(self.real.vectors, self.seed)


@contextmanager
def opened(kept: Path | None, embedder: Embedder, seed: int) -> Iterator[Place]:
    """A place in the folder `kept`, or in a temporary one; its source is embedded by `embedder`.

    A source that lies in `kept` already is used as it is.

    Raises:
        InvalidInput: `kept` cannot be made.
    """
    if kept is None:
        with TemporaryDirectory(prefix="agentmem-bench-") as folder:
            yield _place(Path(folder), embedder, seed)
        return
    try:
        kept.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(f"--keep: {kept} cannot be made: {error.strerror}", "name a folder") from error
    yield _place(kept, embedder, seed)


def _place(folder: Path, embedder: Embedder, seed: int) -> Place:
    real = corpus.saved(folder)
    if real is None:
        real = corpus.source(embedder)
        corpus.save(real, folder)
    return Place(folder.absolute(), real, seed)

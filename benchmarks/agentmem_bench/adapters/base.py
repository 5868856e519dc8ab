"""What a store of others offers a benchmark: it takes texts, numbered as they come, and finds them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from agentmem.embedders.base import Embedder, Matrix


class Peer(ABC):
    """A store of texts with vectors, numbered from 0 in the order in which they come.

    Args:
        folder: Where it may write.
        embedder: For those that embed by themselves.
    """

    package: str
    """Whose version is told."""
    finds = True
    """Whether `search` looks for the nearest."""

    @abstractmethod
    def __init__(self, folder: Path, embedder: Embedder) -> None: ...

    @classmethod
    def version(cls) -> str | None:
        """The version of its package; none where that is not installed."""
        return installed(cls.package)

    @abstractmethod
    def add(self, first: int, texts: Sequence[str], vectors: Matrix) -> None:
        """Take in texts number `first` and so on."""

    @abstractmethod
    def search(self, text: str, vector: Matrix, k: int) -> list[int]:
        """The numbers of the `k` nearest to `text`, whose vector is `vector`, shape (d,)."""

    def close(self) -> None:  # noqa: B027 - most have none
        """Let go of files."""


class ReadablePeer(Peer):
    """A store that lists what it holds."""

    embeds = True
    """Whether it makes its vectors by itself; else it is given them."""

    @abstractmethod
    def texts(self) -> dict[int, str]:
        """All texts, by number, as they can be read back."""


def installed(package: str) -> str | None:
    """The version of a package; none where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None

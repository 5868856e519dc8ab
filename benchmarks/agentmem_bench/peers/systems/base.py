"""What a memory must do to be compared: take in turns one by one, find, and tell what it still holds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agentmem.models.base import Usage

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.embedders.base import Embedder
    from agentmem.formats import Turn


class Found(NamedTuple):
    """Something that a memory holds: the numbers of the turns that it came from, and its text."""

    turns: Sequence[int]
    text: str


@dataclass(frozen=True)
class Place:
    """What a memory is made with.

    Attributes:
        folder: An empty folder of its own.
        embedder: What makes its vectors.
        settings: Those of agentmem.
        model: A language model's name at an OpenAI-compatible server; none: it has none.
    """

    folder: Path
    embedder: Embedder
    settings: Settings
    model: str | None = None


class System(ABC):
    """A memory of one conversation, whose turns are numbered from 0 in the order in which they come."""

    @abstractmethod
    def write(self, number: int, turn: Turn) -> None:
        """Take in a turn."""

    @abstractmethod
    def search(self, text: str, k: int, at: datetime | None) -> list[Found]:
        """The `k` best for the question `text`, asked at a moment, best first."""

    @abstractmethod
    def held(self) -> Iterable[Found]:
        """All that it holds, as it can be read back."""

    @property
    def usage(self) -> Usage:
        """What models took so far."""
        return Usage(calls=0)

    def close(self) -> None:  # noqa: B027 - some have none
        """Let go of files."""

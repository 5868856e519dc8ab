"""What the LoCoMo benchmark asks: conversations, and the questions that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from agentmem.errors import FormatError
from agentmem.formats import Conversation, read_conversations

FITTED_ON = frozenset({"cb7c28fbcd640f7d1a39795cc37e8ec5f7f7638e5f8d87a4bdef961aa02548b2"})
"""SHA-256 of files on which constants of agentmem were chosen: the five development conversations."""
CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop"}
"""What counts, as the data number it; category 5 has no evidence (Maharana et al. 2024, section 4.1)."""


@dataclass(frozen=True)
class Asked:
    """One question that counts: id, place of its conversation in the file, category, evidence turns."""

    id: str
    conversation: int
    category: int
    text: str
    evidence: frozenset[str]


@dataclass(frozen=True)
class Dataset:
    """A file of conversations with questions.

    Attributes:
        conversations: In the order of the file.
        asked: The questions that count, conversation by conversation.
        missing: How many ids their file names as evidence of categories 1 to 4 that are no turn's.
        left_out: How many questions do not count, by the reason.
    """

    conversations: tuple[Conversation, ...]
    asked: tuple[Asked, ...]
    missing: int
    left_out: dict[str, int]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader ignored."""
        return tuple(warning for conversation in self.conversations for warning in conversation.warnings)


def read(file: Path) -> Dataset:
    """Read LoCoMo JSON.

    Raises:
        NotFound: there is no such file.
        FormatError: it is not as the format says, or no question counts; names file and key.
    """
    found = dataset(read_conversations(file))
    if not found.asked:
        raise FormatError(
            f"{file}, key qa: no question of categories 1 to 4 names a turn as its evidence",
            "give LoCoMo JSON with questions; `agentmem bench locomo --example` prints a file",
        )
    return found


def dataset(conversations: Sequence[Conversation]) -> Dataset:
    """The questions that count, and what does not."""
    asked: list[Asked] = []
    missing = 0
    left_out = {"of another category": 0, "without an existing evidence turn": 0}
    for place, conversation in enumerate(conversations):
        for number, question in enumerate(conversation.questions):
            if question.category not in CATEGORIES:
                left_out["of another category"] += 1
                continue
            missing += len(question.missing)
            if not question.evidence:
                left_out["without an existing evidence turn"] += 1
                continue
            asked.append(
                Asked(
                    question_id(conversation, place, number),
                    place,
                    question.category,
                    question.text,
                    frozenset(question.evidence),
                )
            )
    return Dataset(tuple(conversations), tuple(asked), missing, left_out)


def question_id(conversation: Conversation, place: int, number: int) -> str:
    """The id of the question `number` of the conversation at `place` in the file, both from 0."""
    return f"{conversation.id or place}/{number}"


def last_moment(conversation: Conversation) -> datetime | None:
    """When the questions are asked: after the last turn, so that `last week` means something."""
    return max((turn.time for turn in conversation.turns if turn.time), default=None)


def example() -> str:
    """A small file that runs."""
    return files("agentmem_bench.locomo").joinpath("example.json").read_text(encoding="utf-8")

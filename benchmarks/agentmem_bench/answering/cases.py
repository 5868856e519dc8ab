"""What is asked: questions about a conversation, each with the answer that is expected or without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentmem.formats import Conversation


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        id: Unique within the data.
        category: Its kind, as the data call it.
        text: The question.
        gold: The answer that is expected. Where there can be none: why, if the data say so.
        abstention: It cannot be answered from the conversation, and to say so is right.
        trap: Of such a question an answer that looks right and is wrong, where the data name one.
        key: The text that token F1 compares with; empty: `gold`.
        listed: The key is a list between commas, each entry of which counts.
    """

    id: str
    category: str
    text: str
    gold: str
    abstention: bool = False
    trap: str = ""
    key: str = ""
    listed: bool = False


@dataclass(frozen=True)
class Case:
    """What one memory holds, and what is asked of it.

    Attributes:
        conversation: Makes the conversation when its memory is filled.
        at: The moment at which all of it is asked, UTC.
        questions: In the order of the data.
    """

    conversation: Callable[[], Conversation]
    at: datetime | None
    questions: tuple[Question, ...]

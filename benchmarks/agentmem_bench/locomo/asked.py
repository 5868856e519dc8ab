"""What is asked where models answer: every question with an expected answer, and those that have none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from agentmem.errors import FormatError
from agentmem.formats import Conversation, Question, read_conversations
from agentmem_bench.answering import cases
from agentmem_bench.locomo.data import CATEGORIES, last_moment, question_id

MULTI_HOP, OPEN_DOMAIN, ADVERSARIAL = 1, 3, 5
"""Categories with a rule of their own in LoCoMo's evaluation."""
NAMES = {**CATEGORIES, ADVERSARIAL: "adversarial"}


def read(file: Path) -> list[cases.Case]:
    """Read LoCoMo JSON: its questions of categories 1 to 4 that have an answer, and of category 5.

    Raises:
        NotFound: there is no such file.
        FormatError: it is not as the format says, or it asks nothing; names file and key.
    """
    found = asked(read_conversations(file))
    if not found:
        raise FormatError(
            f"{file}, key qa: no question of categories 1 to 4 has an answer, and none is of category 5",
            "give LoCoMo JSON with questions; `agentmem bench locomo --example` prints a file",
        )
    return found


def asked(conversations: Sequence[Conversation]) -> list[cases.Case]:
    """Conversations with their questions; those without any are left out."""
    made = [
        cases.Case(
            partial(_as_read, conversation),
            last_moment(conversation),
            tuple(
                _question(question_id(conversation, place, number), question)
                for number, question in enumerate(conversation.questions)
                if question.category == ADVERSARIAL
                or (question.category in CATEGORIES and question.answer.strip())
            ),
        )
        for place, conversation in enumerate(conversations)
    ]
    return [case for case in made if case.questions]


def _as_read(conversation: Conversation) -> Conversation:
    return conversation


def _question(id: str, question: Question) -> cases.Question:
    """A question as LoCoMo's evaluation takes it: of open-domain answers the part before `;` is compared."""
    abstention = question.category == ADVERSARIAL
    return cases.Question(
        id=id,
        category=str(question.category),
        text=question.text,
        gold="" if abstention else question.answer,
        abstention=abstention,
        trap=question.trap,
        key=question.answer.split(";")[0].strip() if question.category == OPEN_DOMAIN else "",
        listed=question.category == MULTI_HOP,
    )

"""What every memory is told and asked: conversations, and questions whose evidence are turns of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agentmem.errors import FormatError
from agentmem.formats import Turn
from agentmem_bench.locomo import data as locomo
from agentmem_bench.longmemeval import data as longmemeval

LONGMEMEVAL = b'"haystack_'
"""How keys of LongMemEval begin that every entry has."""
HEAD = 1 << 16
"""Bytes of a file in which they must stand."""


@dataclass(frozen=True)
class Asked:
    """A question: id, the kind of question, its text, the ids of its evidence turns, when it is asked."""

    id: str
    category: str
    text: str
    evidence: frozenset[str]
    at: datetime | None


@dataclass(frozen=True)
class Talk:
    """A conversation with the questions about it, at least one."""

    turns: tuple[Turn, ...]
    asked: tuple[Asked, ...]


def read(file: Path, limit: int | None = None) -> tuple[Talk, ...]:
    """Read LoCoMo or LongMemEval JSON: the first `limit` conversations that have a question with evidence.

    Raises:
        NotFound: there is no such file.
        FormatError: it is not as its format says, or no question counts; names file and key.
    """
    talks = _histories(file) if _is_longmemeval(file) else _dialogues(file)
    if not talks:
        raise FormatError(
            f"{file}: no question names a turn as its evidence",
            "give LoCoMo JSON, or LongMemEval JSON whose turns are marked with has_answer",
        )
    return talks[:limit]


def _is_longmemeval(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return LONGMEMEVAL in opened.read(HEAD)


def _dialogues(file: Path) -> tuple[Talk, ...]:
    found = locomo.read(file)
    talks = []
    for place, conversation in enumerate(found.conversations):
        at = locomo.last_moment(conversation)
        asked = tuple(
            Asked(one.id, f"{one.category} {locomo.CATEGORIES[one.category]}", one.text, one.evidence, at)
            for one in found.asked
            if one.conversation == place
        )
        if asked:
            talks.append(Talk(conversation.turns, asked))
    return tuple(talks)


def _histories(file: Path) -> tuple[Talk, ...]:
    return tuple(
        Talk(
            history.conversation().turns,
            (
                Asked(
                    history.entry.question_id,
                    history.entry.question_type,
                    history.entry.question,
                    history.turns,
                    history.at,
                ),
            ),
        )
        for history in longmemeval.read(file).histories
        if history.turns and not history.abstention
    )

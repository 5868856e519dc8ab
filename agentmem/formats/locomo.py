"""LoCoMo JSON: very long dialogues with questions (Maharana et al. 2024)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from agentmem.errors import FormatError
from agentmem.formats.conversation import (
    Conversation,
    Format,
    Question,
    Source,
    Turn,
    Warnings,
    check_ids,
    turn,
)

SPREAD = timedelta(seconds=1)
"""Between the turns of a session, which the file gives one time, so that their times keep their order."""

REMEDY = (
    'write {"sample_id": ..., "conversation": {"session_1_date_time": "1:56 pm on 8 May, 2023",'
    ' "session_1": [{"speaker": ..., "dia_id": ..., "text": ...}]}, "qa": [...]}'
)
SAMPLE_FIELDS = ("sample_id", "conversation", "qa")
TURN_FIELDS = ("speaker", "dia_id", "text", "blip_caption")
QUESTION_FIELDS = ("question", "answer", "adversarial_answer", "evidence", "category")
TIME = "%I:%M %p on %d %B, %Y"

_SESSION = re.compile(r"session_(\d+)")
_BETWEEN_IDS = re.compile(r"[;,\s]+")


def recognises(source: Source) -> bool:
    """Whether the file is a list of objects with a `conversation`, or one of them."""
    document = source.document
    first = document[0] if isinstance(document, list) and document else document
    return isinstance(first, dict) and "conversation" in first


def read(source: Source) -> tuple[Conversation, ...]:
    """Read every conversation with its questions.

    Raises:
        FormatError: something is missing or of another type, a time cannot be read, or an id is
            used twice; names the key.
    """
    document = source.document if isinstance(source.document, list) else [source.document]
    warnings = Warnings()
    conversations: list[Conversation] = []
    for place, sample in enumerate(document):
        where = f"{source.name}, key [{place}]"
        if not isinstance(sample, dict) or not isinstance(sample.get("conversation"), dict):
            raise FormatError(f"{where}: no 'conversation'", REMEDY)
        warnings.unknown(sample, SAMPLE_FIELDS, where)
        name = str(sample.get("sample_id", place))
        if name in {conversation.id for conversation in conversations}:
            raise FormatError(f"{where}: sample_id {name!r} was used before", "give every sample its own")
        turns = _turns(sample["conversation"], f"{where}.conversation", warnings)
        questions = _questions(sample.get("qa", []), {each.id for each in turns}, f"{where}.qa", warnings)
        conversations.append(Conversation(id=name, format=FORMAT.name, turns=turns, questions=questions))
    first = conversations[0].model_copy(update={"warnings": warnings.listed()})
    return (first, *conversations[1:])


def _turns(conversation: dict[str, Any], where: str, warnings: Warnings) -> tuple[Turn, ...]:
    numbers = sorted(int(found[1]) for key in conversation if (found := _SESSION.fullmatch(key)))
    turns: list[tuple[str, Turn]] = []
    for number in numbers:
        session = f"session_{number}"
        entries = conversation[session]
        if not isinstance(entries, list):
            raise FormatError(f"{where}.{session}: not a list of turns", REMEDY)
        began = _time(conversation.get(f"{session}_date_time"), f"{where}.{session}_date_time")
        for place, entry in enumerate(entries):
            key = f"{where}.{session}[{place}]"
            if not isinstance(entry, dict):
                raise FormatError(f"{key}: not an object", REMEDY)
            warnings.unknown(entry, TURN_FIELDS, key)
            caption = entry.get("blip_caption")
            text = _field(entry, "text", key)
            said = turn(
                key,
                id=_field(entry, "dia_id", key),
                session=session,
                time=began + place * SPREAD if began else None,
                actor=_field(entry, "speaker", key),
                text=f"{text} [{caption}]" if caption else text,
            )
            turns.append((key, said))
    if not turns:
        raise FormatError(f"{where}: no turn", REMEDY)
    check_ids(turns)
    return tuple(each for _, each in turns)


def _questions(entries: Any, ids: set[str], where: str, warnings: Warnings) -> tuple[Question, ...]:
    if not isinstance(entries, list):
        raise FormatError(f"{where}: not a list of questions", REMEDY)
    questions = []
    for place, entry in enumerate(entries):
        key = f"{where}[{place}]"
        if not isinstance(entry, dict):
            raise FormatError(f"{key}: not an object", REMEDY)
        warnings.unknown(entry, QUESTION_FIELDS, key)
        named = entry.get("evidence") or []
        if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
            raise FormatError(f"{key}.evidence: not a list of ids", REMEDY)
        category = entry.get("category", 0)
        if not isinstance(category, int):
            raise FormatError(f"{key}.category: {category!r} is not a number", REMEDY)
        evidence = dict.fromkeys(each for text in named for each in _BETWEEN_IDS.split(text) if each)
        missing = tuple(each for each in evidence if each not in ids)
        for each in missing:
            warnings.add("evidence that is no turn is dropped", f"{key}, {each!r}")
        questions.append(
            Question(
                text=_field(entry, "question", key),
                answer=_answer(entry, "answer"),
                trap=_answer(entry, "adversarial_answer"),
                evidence=tuple(each for each in evidence if each in ids),
                missing=missing,
                category=category,
            )
        )
    return tuple(questions)


def _field(entry: dict[str, Any], name: str, where: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str):
        raise FormatError(f"{where}.{name}: {'missing' if value is None else 'not a text'}", REMEDY)
    return value


def _answer(entry: dict[str, Any], name: str) -> str:
    """An answer, which may be a number."""
    value = entry.get(name)
    return "" if value is None else str(value)


def _time(value: Any, where: str) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.strptime(str(value).strip(), TIME).replace(tzinfo=UTC)
    except ValueError as error:
        raise FormatError(
            f"{where}: time {value!r} cannot be read", 'write it as "1:56 pm on 8 May, 2023"'
        ) from error


FORMAT = Format("LoCoMo JSON", recognises, read)

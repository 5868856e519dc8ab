"""JSON lines: one object a turn; a JSON list of such objects, or one alone, is read too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from agentmem.errors import FormatError
from agentmem.formats.conversation import (
    ROLES,
    Conversation,
    Correction,
    Format,
    Source,
    Turn,
    Warnings,
    check_ids,
    moment,
    turn,
)
from agentmem.records import Trust

KNOWN = ("id", "session", "time", "actor", "speaker", "role", "text", "content", "data", "corrects")
SPEAKERS = ("actor", "speaker", "role")
TEXTS = ("text", "content")
REMEDY = (
    'write {"actor": "Maya", "text": "..."} and, if you like, "id", "session", "time", "data", "corrects"'
)


def recognises(source: Source) -> bool:
    """Whether the file is an object with the text of a turn, or a list that begins with one.

    Of several lines it is enough that the first one begins an object: `read` then says what it lacks.
    """
    document = source.document
    if isinstance(document, list):
        return bool(document) and isinstance(document[0], dict) and any(name in document[0] for name in TEXTS)
    if isinstance(document, dict):
        return any(name in document for name in TEXTS)
    first = next((line for line in source.text.splitlines() if line.strip()), "")
    return first.lstrip().startswith("{") and len(first.strip()) > 1


def read(source: Source) -> tuple[Conversation, ...]:
    """Read the turns.

    Raises:
        FormatError: a line is not an object, lacks a speaker or text, holds what cannot be kept, or
            repeats an id; names the line.
    """
    warnings = Warnings()
    turns = [(where, _turn(entry, where, warnings)) for where, entry in _entries(source)]
    check_ids(turns)
    earlier: set[str] = set()
    for where, each in turns:
        if each.corrects and each.corrects.id not in earlier:
            warnings.add(f"corrects {each.corrects.id!r}, which is no earlier turn of this file", where)
        earlier.add(each.id)
    only = Conversation(
        format=FORMAT.name, turns=tuple(each for _, each in turns), warnings=warnings.listed()
    )
    return (only,)


def _entries(source: Source) -> Iterator[tuple[str, Any]]:
    if isinstance(source.document, list):
        for number, entry in enumerate(source.document, 1):
            yield f"{source.name}, item {number}", entry
        return
    if isinstance(source.document, dict):  # perhaps over several lines
        begun = source.text.count("\n", 0, source.text.index("{")) + 1
        yield f"{source.name}, line {begun}", source.document
        return
    for number, line in enumerate(source.text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{source.name}, line {number}"
        try:
            yield where, json.loads(line)
        except json.JSONDecodeError as error:
            raise FormatError(f"{where}: not JSON: {error.msg} at column {error.colno}", REMEDY) from error
        except RecursionError as error:
            raise FormatError(f"{where}: JSON is nested too deep", REMEDY) from error


def _turn(entry: Any, where: str, warnings: Warnings) -> Turn:
    if not isinstance(entry, dict):
        raise FormatError(f"{where}: not a JSON object but {json.dumps(entry)[:40]}", REMEDY)
    warnings.unknown(entry, KNOWN, where)
    speaker = _string(entry, SPEAKERS, where)
    role = entry.get("role") or speaker
    return turn(
        where,
        id=_optional(entry, "id", where),
        session=_optional(entry, "session", where),
        time=moment(entry.get("time"), f"{where}, key 'time'"),
        actor=speaker,
        trust=ROLES.get(str(role).lower(), Trust.USER),
        text=_string(entry, TEXTS, where),
        data=_data(entry.get("data"), where),
        corrects=_correction(entry.get("corrects"), where),
    )


def _string(entry: dict[str, Any], names: tuple[str, ...], where: str) -> str:
    """The first of the fields `names` that is there."""
    for name in names:
        if entry.get(name) is not None:
            return _optional(entry, name, where)
    raise FormatError(f"{where}: no {' or '.join(map(repr, names))}", REMEDY)


def _optional(entry: dict[str, Any], name: str, where: str) -> str:
    value = entry.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and name in ("id", "session"):
        return str(value)
    if not isinstance(value, str):
        raise FormatError(
            f"{where}, key {name!r}: {json.dumps(value)[:40]} is not a text", "put it in quotes"
        )
    return value


def _data(value: Any, where: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FormatError(f"{where}, key 'data': not an object", 'write {"name": value}')
    return value


def _correction(value: Any, where: str) -> Correction | None:
    if value is None:
        return None
    where = f"{where}, key 'corrects'"
    if not isinstance(value, dict) or not value.get("id"):
        raise FormatError(
            f"{where}: does not name a turn", 'write {"id": "...", "why": "...", "since": "2025-03-01"}'
        )
    return Correction(
        id=_optional(value, "id", where),
        why=_optional(value, "why", where),
        since=moment(value.get("since"), f"{where}, key 'since'"),
    )


FORMAT = Format("JSON lines", recognises, read)

"""LongMemEval JSON as it is published (Wu et al. 2025), checked against a model that names what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from agentmem.errors import FormatError, NotFound
from agentmem.formats.conversation import Warnings

REMEDY = (
    "give a list of objects with question_id, question_type, question, question_date, answer,"
    " haystack_session_ids, haystack_dates, haystack_sessions, answer_session_ids;"
    " `agentmem bench longmemeval --example` prints a file"
)


def _as_text(value: object) -> object:
    """A number as text: some answers are numbers."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


class SaidTurn(BaseModel):
    """One turn of a session."""

    model_config = ConfigDict(frozen=True)

    role: str
    content: str
    has_answer: bool = False


class Entry(BaseModel):
    """One question with its history."""

    model_config = ConfigDict(frozen=True)

    question_id: str
    question_type: str
    question: str
    question_date: str = ""
    answer: Annotated[str, BeforeValidator(_as_text)]
    haystack_session_ids: list[str]
    haystack_dates: list[str]
    haystack_sessions: list[list[SaidTurn]]
    answer_session_ids: list[str]


def entries(file: Path) -> tuple[list[Entry], tuple[str, ...]]:
    """The questions of a file, and warnings about what was ignored.

    Raises:
        NotFound: there is no such file.
        FormatError: it is not as the format says; names file and key.
    """
    document = _document(file)
    if not isinstance(document, list) or not document:
        raise FormatError(f"{file}: no list of questions", REMEDY)
    warnings = Warnings()
    read: list[Entry] = []
    for place, raw in enumerate(document):
        where = f"{file}, key [{place}]"
        read.append(_entry(raw, where))
        _note_unknown(raw, where, warnings)
    return read, warnings.listed()


def _entry(raw: Any, where: str) -> Entry:
    try:
        entry = Entry.model_validate(raw)
    except ValidationError as error:
        fault = error.errors()[0]
        raise FormatError(f"{where}{_key(fault['loc'])}: {fault['msg']}", REMEDY) from error
    sessions = len(entry.haystack_sessions)
    for name in ("haystack_session_ids", "haystack_dates"):
        if len(getattr(entry, name)) != sessions:
            raise FormatError(
                f"{where}.{name}: {len(getattr(entry, name))} of them for {sessions} haystack_sessions",
                "give one for each session",
            )
    if not any(entry.haystack_sessions):
        raise FormatError(f"{where}.haystack_sessions: no turn", REMEDY)
    return entry


def _note_unknown(raw: dict[str, Any], where: str, warnings: Warnings) -> None:
    warnings.unknown(raw, Entry.model_fields, where)
    for place, session in enumerate(raw["haystack_sessions"]):
        for number, turn in enumerate(session):
            warnings.unknown(turn, SaidTurn.model_fields, f"{where}.haystack_sessions[{place}][{number}]")


def _document(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise NotFound(f"file {file} does not exist", "check the path") from error
    except OSError as error:
        raise FormatError(f"file {file} cannot be read: {error.strerror}", "give a file") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"{file} is not UTF-8: byte {error.start}", "save it as UTF-8") from error
    except json.JSONDecodeError as error:
        raise FormatError(
            f"{file}, line {error.lineno}, column {error.colno}: {error.msg}", REMEDY
        ) from error
    except RecursionError as error:
        raise FormatError(f"{file} is nested too deep", REMEDY) from error


def _key(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)

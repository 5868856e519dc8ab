"""The labelled data: a chat, and questions that it answers or does not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agentmem.errors import FormatError, NotFound
from agentmem.faults import first_fault
from agentmem.formats import Conversation, read_conversation


class Labelled(BaseModel):
    """One line of the questions' file; an answerable one names its evidence. Other fields are ignored."""

    model_config = ConfigDict(frozen=True)

    question: str = Field(min_length=1)
    answerable: bool
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Labels:
    """A chat and questions about it, of both kinds."""

    chat: Conversation
    questions: tuple[Labelled, ...]


def read(chat: Path | None, questions: Path | None) -> Labels:
    """Read labelled data; what is not named is what agentmem ships.

    Raises:
        NotFound: there is no such file.
        FormatError: a line is no labelled question, or one of the two kinds is missing.
    """
    if chat is None:
        with as_file(files("agentmem.cli.demonstration").joinpath("data", "chat.jsonl")) as shipped:
            conversation = read_conversation(shipped)
    else:
        conversation = read_conversation(chat)
    if questions is None:
        text, name = (
            files(__package__).joinpath("questions.jsonl").read_text(encoding="utf-8"),
            "questions.jsonl",
        )
    else:
        text, name = _text(questions), str(questions)
    return Labels(conversation, parse(text, name, {turn.id for turn in conversation.turns}))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound(f"file {file} does not exist", "check the path") from error
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"file {file} cannot be read: {error}", "give a UTF-8 file") from error


def parse(text: str, name: str, turns: Collection[str]) -> tuple[Labelled, ...]:
    """The labelled questions of JSON lines about a chat with these `turns`.

    Raises:
        FormatError: as `read`.
    """
    remedy = 'write {"question": "...", "answerable": true, "evidence": ["id of a turn"]} on each line'
    found: list[Labelled] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            labelled = Labelled.model_validate_json(line)
        except ValidationError as error:
            fault = first_fault(error)
            raise FormatError(
                f"{name}, line {number}{f', key {fault.where}' if fault.where else ''}: {fault.message}",
                remedy,
            ) from error
        if labelled.answerable and not set(labelled.evidence) & set(turns):
            raise FormatError(f"{name}, line {number}, key evidence: names no turn of the chat", remedy)
        found.append(labelled)
    _both_kinds(found, name, remedy)
    return tuple(found)


def _both_kinds(found: Sequence[Labelled], name: str, remedy: str) -> None:
    for kind in (True, False):
        if sum(1 for each in found if each.answerable is kind) < 2:  # noqa: PLR2004 - to fit on one, test on one
            word = "answerable" if kind else "unanswerable"
            raise FormatError(f"{name}: fewer than two {word} questions", remedy)

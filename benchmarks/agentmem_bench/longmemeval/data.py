"""What the LongMemEval benchmark asks: one question of each history, and where its answer stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from agentmem.errors import FormatError
from agentmem.formats import Conversation, Turn
from agentmem.formats.conversation import ROLES, moment, turn
from agentmem.records import Trust
from agentmem_bench.answering.cases import Case, Question
from agentmem_bench.longmemeval.format import Entry, entries

FORMAT = "LongMemEval JSON"
ABSTENTION = "_abs"
"""How the id of a question ends that its history does not answer."""
SPREAD = timedelta(seconds=1)
"""Between the turns of a session, which the file gives one time, so that their times keep their order."""

_DATE = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?: \(\w+\))? (\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class History:
    """A history and what is asked of it.

    Attributes:
        entry: As the file has it.
        where: The file and the key, for messages.
        began: When each session began, UTC.
        at: When the question is asked; else the last turn's time.
        names: Of the sessions: their ids; one that comes again has a number behind it.
    """

    entry: Entry
    where: str
    began: tuple[datetime | None, ...]
    at: datetime | None
    names: tuple[str, ...]

    @property
    def abstention(self) -> bool:
        """Whether the history does not answer the question."""
        return self.entry.question_id.endswith(ABSTENTION)

    @property
    def sessions(self) -> frozenset[str]:
        """Ids of the evidence sessions that exist."""
        return frozenset(self.entry.answer_session_ids) & frozenset(self.entry.haystack_session_ids)

    @property
    def missing(self) -> int:
        """How many evidence sessions do not exist."""
        return len(set(self.entry.answer_session_ids) - set(self.entry.haystack_session_ids))

    @property
    def turns(self) -> frozenset[str]:
        """Ids of the turns that are marked as evidence."""
        return frozenset(
            _id(name, number)
            for name, session in zip(self.names, self.entry.haystack_sessions, strict=True)
            for number, said in enumerate(session)
            if said.has_answer
        )

    def session_of(self) -> dict[str, str]:
        """The session's id by the turn's."""
        return {
            _id(name, number): id
            for id, name, session in zip(
                self.entry.haystack_session_ids, self.names, self.entry.haystack_sessions, strict=True
            )
            for number in range(len(session))
        }

    def conversation(self) -> Conversation:
        """The history as it is observed: every turn, those of the assistant too.

        Raises:
            FormatError: a text cannot be kept; names file and key.
        """
        turns: list[Turn] = []
        for place, (name, session) in enumerate(zip(self.names, self.entry.haystack_sessions, strict=True)):
            began = self.began[place]
            for number, said in enumerate(session):
                key = f"{self.where}.haystack_sessions[{place}][{number}]"
                turns.append(
                    turn(
                        key,
                        id=_id(name, number),
                        session=name,
                        time=began + number * SPREAD if began else None,
                        actor=said.role,
                        trust=ROLES.get(said.role.lower(), Trust.USER),
                        text=said.content,
                    )
                )
        return Conversation(id=self.entry.question_id, format=FORMAT, turns=tuple(turns))

    def case(self) -> Case:
        """The question as it is answered; a preference's expected answer describes what counts."""
        question = Question(
            id=self.entry.question_id,
            category=self.entry.question_type,
            text=self.entry.question,
            gold=self.entry.answer,
            abstention=self.abstention,
        )
        return Case(self.conversation, self.at, (question,))


@dataclass(frozen=True)
class Dataset:
    """A file of histories, and warnings about what was ignored in it."""

    histories: tuple[History, ...]
    warnings: tuple[str, ...]


def read(file: Path) -> Dataset:
    """Read LongMemEval JSON.

    Raises:
        NotFound: there is no such file.
        FormatError: it is not as the format says; names file and key.
    """
    found, warnings = entries(file)
    histories: list[History] = []
    ids: set[str] = set()
    for place, entry in enumerate(found):
        where = f"{file}, key [{place}]"
        if entry.question_id in ids:
            raise FormatError(
                f"{where}: question_id {entry.question_id!r} was used before", "give each its own"
            )
        ids.add(entry.question_id)
        histories.append(_history(entry, where))
    return Dataset(tuple(histories), warnings)


def cases(file: Path) -> list[Case]:
    """The questions of a file as they are answered.

    Raises:
        NotFound: there is no such file.
        FormatError: it is not as the format says; names file and key.
    """
    return [history.case() for history in read(file).histories]


def example() -> str:
    """A small file that runs."""
    return files("agentmem_bench.longmemeval").joinpath("example.json").read_text(encoding="utf-8")


def _history(entry: Entry, where: str) -> History:
    began = tuple(
        _time(text, f"{where}.haystack_dates[{place}]") for place, text in enumerate(entry.haystack_dates)
    )
    at = _time(entry.question_date, f"{where}.question_date")
    last = max((time for time in began if time), default=None)
    names: list[str] = []
    for id in entry.haystack_session_ids:
        again = sum(name == id or name.startswith(f"{id}#") for name in names)
        names.append(f"{id}#{again + 1}" if again else id)
    return History(entry, where, began, at or last, tuple(names))


def _id(session: str, number: int) -> str:
    return f"{session}:{number}"


def _time(text: str, where: str) -> datetime | None:
    """`2023/05/20 (Sat) 02:21`, or ISO 8601, as UTC."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return moment(text, where)
    try:
        year, month, day, hour, minute = map(int, found.groups())
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError as error:
        raise FormatError(
            f"{where}: time {text!r} cannot be read", "write it as 2023/05/20 (Sat) 02:21"
        ) from error

"""Plain text: `Name: text` lines, with lines such as `# 2025-03-01` where a session begins."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agentmem.errors import FormatError
from agentmem.formats.conversation import ROLES, Conversation, Format, Source, Warnings, moment, turn
from agentmem.records import Trust

SPREAD = timedelta(seconds=1)
"""Between the turns of a dated session, so that their times keep their order."""

SHORT = 10
"""Turns; in a longer conversation, one who speaks only once may be no speaker."""

REMEDY = "begin each turn with `Name: text`; indent further lines of a turn"

_WORD = r"[\w.'\u2019()-]"
_SPOKEN = re.compile(rf"(?P<name>[^\W\d_]{_WORD}*(?: {_WORD}+){{0,3}})(?::(?=[ \t]|$)|\uff1a)(?P<text>.*)$")
_DATE = re.compile(
    r"(?:#+|-{3,})\s*"
    r"(?P<date>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?)"
    r"\s*(?:#+|-{3,})?$"
)


@dataclass
class _Draft:
    line: int
    actor: str
    session: str
    time: datetime | None
    texts: list[str] = field(default_factory=list)


def recognises(source: Source) -> bool:
    """Whether the first line that is neither blank nor a date has a speaker."""
    lines = (line for line in source.text.splitlines() if line.strip() and not _DATE.match(line))
    return _SPOKEN.match(next(lines, "")) is not None


def read(source: Source) -> tuple[Conversation, ...]:
    """Read the turns. A line without a speaker, or an indented one, goes on with the turn before.

    Raises:
        FormatError: there is no turn, or a line holds what cannot be kept; names the line.
    """
    warnings = Warnings()
    drafts: list[_Draft] = []
    sessions: Counter[str] = Counter()
    session, time = "", None
    for number, line in enumerate(source.text.split("\n"), 1):
        where = f"{source.name}, line {number}"
        if date := _DATE.match(line.strip()):
            sessions[date["date"]] += 1
            again = sessions[date["date"]]
            session = date["date"] if again == 1 else f"{date['date']} ({again})"
            time = moment(date["date"], where)
        elif spoken := _SPOKEN.match(line):
            drafts.append(_Draft(number, spoken["name"], session, time, [spoken["text"]]))
            time = time + SPREAD if time else None
        elif drafts:
            drafts[-1].texts.append(line.strip())
        elif line.strip():
            warnings.add("a line before the first turn is ignored", where)
    if not drafts:
        raise FormatError(f"{source.name}: no turn", REMEDY)
    spoke = Counter(draft.actor for draft in drafts)
    for draft in drafts:
        if len(drafts) > SHORT and len(spoke) > 2 and spoke[draft.actor] == 1:  # noqa: PLR2004 (two people talk)
            warnings.add(
                f"{draft.actor!r} speaks only once; indent the line if it belongs to the turn before",
                f"{source.name}, line {draft.line}",
            )
    turns = tuple(
        turn(
            f"{source.name}, line {draft.line}",
            session=draft.session,
            time=draft.time,
            actor=draft.actor,
            trust=ROLES.get(draft.actor.lower(), Trust.USER),
            text="\n".join(draft.texts).strip(),
        )
        for draft in drafts
    )
    return (Conversation(format=FORMAT.name, turns=turns, warnings=warnings.listed()),)


FORMAT = Format("plain text, `Name: text` lines", recognises, read)

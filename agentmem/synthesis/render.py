"""Rendering: the line of one piece, and the header of a session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from agentmem.fence import clean
from agentmem.records import Hit, Record, State
from agentmem.synthesis.cut import ELLIPSIS
from agentmem.synthesis.policy import PackPolicy

INDENT = "    "
"""Before every further line of a text, so that no text can begin a line as a label or header does."""

NAME_CHARS = 80
"""Characters of an actor's or session's name that are shown."""
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")


def inline(text: str) -> str:
    """`text` cleaned and on one line."""
    return " ".join(clean(text).split())


def straight(text: str) -> str:
    """`text` with straight quotation marks, as models write them; one for one, so that places stay."""
    return text.translate(_STRAIGHT)


def name(text: str) -> str:
    """`text` on one line and short enough for a label."""
    line = inline(text)
    return line if len(line) <= NAME_CHARS else line[:NAME_CHARS] + ELLIPSIS


def stamp(moment: datetime) -> str:
    """A UTC moment to the minute, in ISO 8601: `2025-03-01T14:05Z`."""
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def citation(record: Record) -> str:
    """`id@version`, which names one version of a record for good."""
    return f"{inline(record.id)}@{record.version}"


def marks(hit: Hit, labels: Mapping[str, str]) -> str:
    """What a reader must know beside the text: not live any more, or contradicted by others.

    Args:
        hit: The hit that is shown.
        labels: Label by record id of the pieces in the same context.
    """
    record = hit.record
    said = [] if record.state is State.LIVE else [record.state.value]
    if record.valid_to is not None:
        said.append(f"until {stamp(record.valid_to)}")
    if hit.alternatives:
        others = ", ".join(labels.get(other, inline(other)) for other in hit.alternatives)
        said.append(f"alternative: {others}")
    return f"({'; '.join(said)})" if said else ""


def piece(hit: Hit, label: str, text: str, policy: PackPolicy, labels: Mapping[str, str]) -> str:
    """One hit as prompt text: `[1] 2025-03-01T14:05Z Maya (user) m-17@1: text`.

    Args:
        hit: The hit that is shown.
        label: Its label, brackets included.
        text: Its cleaned text, whole or cut.
        policy: What is printed of it.
        labels: Label by record id of the pieces in the same context.
    """
    record = hit.record
    head = (
        label if policy.show_label else "",
        _time(record.time, policy) if policy.show_time and record.time else "",
        name(record.actor),
        f"({record.trust.value})" if policy.show_trust else "",
        citation(record) if policy.show_ids else "",
        marks(hit, labels),
    )
    said = " ".join(part for part in head if part)
    told = text.replace("\n", "\n" + INDENT)
    return f"{said}: {told}" if said else told


def _time(moment: datetime, policy: PackPolicy) -> str:
    return stamp(moment) if policy.show_minute else f"{moment:%Y-%m-%d}"


def session(record: Record, policy: PackPolicy) -> tuple[str, str]:
    """What a record is grouped under, and the header line of that group; empty for no header."""
    date = f"{record.time:%Y-%m-%d}" if record.time else ""
    group = record.session or date
    if not group or not policy.headers or policy.order != "chronological":
        return group, ""
    parts = (date, f"session {name(record.session)}" if record.session else "")
    return group, "## " + ", ".join(part for part in parts if part)

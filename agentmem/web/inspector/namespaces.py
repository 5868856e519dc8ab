"""The first page: the namespaces of a bank, each with what it holds."""

from __future__ import annotations

from agentmem.bank import looking
from agentmem.web.inspector.asked import Asked, address
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.subject import Subject

LIMIT = 50


def namespaces(subject: Subject, asked: Asked) -> str:
    """Namespaces by path, those whose path holds `part`."""
    part = asked.text("part")
    found = looking.places(subject.bank, subject.prefix, part=part, after=asked.text("after"), limit=LIMIT)
    return framed(
        "namespaces",
        subject,
        "Namespaces",
        part=part,
        places=found.items,
        older=address("/", part=part, after=found.next) if found.next else "",
        is_first=not asked.is_set("after"),
    )

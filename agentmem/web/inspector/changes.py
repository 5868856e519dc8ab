"""What left recall in a namespace, by what and why; and what stores have not interpreted yet."""

from __future__ import annotations

from agentmem.bank import looking
from agentmem.records import State
from agentmem.web.inspector.asked import Asked, address
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.subject import Subject

LIMIT = 50


def changes(subject: Subject, asked: Asked) -> str:
    """Retirements, newest first, and what is pending."""
    ns = subject.known(asked.namespace)
    bank = subject.bank
    before, after = asked.text("before"), asked.text("after")
    found = looking.retirements(bank, ns, before=before, limit=LIMIT)
    waits = looking.waiting(bank, ns, after=after, limit=LIMIT)
    view = bank.view(ns)
    made = view.events_at([one.from_seq for one in found.items])
    now = view.get([one.id for one in found.items])
    return framed(
        "changes",
        subject,
        "Changes",
        ns,
        tab="changes",
        gone=found.items,
        made=made,
        standing={one.id for one in now if one.state is State.LIVE and one.valid_to is None},
        is_first=not before,
        older=address("/changes", ns=ns, before=found.next) if found.next else "",
        waits=waits.items,
        pending_more=address("/changes", ns=ns, after=waits.next) if waits.next else "",
    )

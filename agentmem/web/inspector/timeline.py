"""The journal of a namespace, newest first, and one event of it with all that became of it."""

from __future__ import annotations

from agentmem.bank import looking
from agentmem.errors import NotFound
from agentmem.records import Event, Namespace, Trust
from agentmem.web.inspector.asked import Asked, address, fields
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.rendering import render
from agentmem.web.inspector.subject import Subject

LIMIT = 50
FILTERS = ("session", "actor", "type", "trust", "what", "since", "until")
WHAT = {"observed": False, "operations": True}
"""Which events are meant: by the name in the address, whether operations are."""


def timeline(subject: Subject, asked: Asked) -> str:
    """Events that pass the filters."""
    ns = subject.known(asked.namespace)
    given = fields(asked, FILTERS)
    trust = asked.one_of("trust", [one.value for one in Trust])
    found = looking.journal(
        subject.bank,
        ns,
        before=asked.text("before"),
        limit=LIMIT,
        type=given["type"],
        actor=given["actor"],
        session=given["session"],
        trust=Trust(trust) if trust else None,
        operations=WHAT.get(asked.one_of("what", list(WHAT))),
        since=asked.moment("since"),
        until=asked.moment("until", whole_day=True),
    )
    return framed(
        "timeline",
        subject,
        "Timeline",
        ns,
        tab="timeline",
        given=given,
        trusts=[one.value for one in Trust],
        events=found.items,
        made=looking.made_of(subject.bank, ns, found.items),
        is_first=not asked.is_set("before"),
        first=address("/timeline", ns=ns, **given),
        older=address("/timeline", ns=ns, before=found.next, **given) if found.next else "",
    )


def known_values(subject: Subject, asked: Asked) -> str:
    """What the filters of a timeline can be given, to choose among."""
    ns = subject.known(asked.namespace)
    told = {name: looking.event_values(subject.bank, ns, name) for name in ("session", "actor", "type")}
    return render("values", told=told)


def event_page(subject: Subject, asked: Asked) -> str:
    """One event.

    Raises:
        NotFound: there is none of this id.
    """
    ns, id = subject.known(asked.namespace), asked.required("id")
    event = event_of(subject, ns, id)
    bank = subject.bank
    beside = {one.id: one for one in bank.events(ns, event.caused_by)}
    return framed(
        "event",
        subject,
        f"Event {id}",
        ns,
        tab="timeline",
        event=event,
        causes=[(one, beside.get(one)) for one in event.caused_by],
        made=looking.made_of(bank, ns, [event]).get(id, looking.Made()),
        versions=looking.versions_by(bank, event),
        waits=looking.waiting_of(bank, event),
    )


def event_of(subject: Subject, namespace: Namespace, id: str) -> Event:
    """One event of a namespace.

    Raises:
        NotFound: there is none of this id.
    """
    found = subject.bank.events(namespace, [id])
    if not found:
        raise NotFound(f"there is no event {id!r} in this namespace", "it may be the id of a record")
    return found[0]

"""Correcting, retracting and forgetting, where allowed: first what would come of it, then the deed."""

from __future__ import annotations

from agentmem.bank import looking
from agentmem.bank.forgetting import scrubbed
from agentmem.errors import InvalidInput, Refused
from agentmem.records import Namespace, Record
from agentmem.web.inspector.asked import Asked, Elsewhere, address
from agentmem.web.inspector.door import is_same
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.record import record_of
from agentmem.web.inspector.subject import Subject
from agentmem.web.inspector.timeline import event_of

FORM = "form"
"""The field that tells a form of ours."""
SURE = "sure"
"""The field that says that a change was seen before it is made."""
WAIT_SECONDS = 10.0
"""How long others who read the bank are waited for, until the bytes of what is forgotten are taken off."""


def checked(subject: Subject, form: Asked) -> None:
    """See to it that a form is one of ours.

    Raises:
        Refused: it is not.
    """
    if not (subject.is_open and is_same(form.text(FORM), subject.form)):
        raise Refused("this form is none of this inspector's", "open its page anew, and send it again")


def correct_form(subject: Subject, asked: Asked) -> str:
    """The form for a correction of a record; sent once, it shows what it would change."""
    ns, record = _about(subject, asked)
    return _page(
        subject, ns, record, "correct", text=asked.text("text") or record.text, why=asked.text("why")
    )


def correct(subject: Subject, form: Asked) -> str | Elsewhere:
    """Correct a record, where what would change was seen; else show that."""
    ns, record = _about(subject, form)
    text, why = form.text("text").replace("\r\n", "\n"), form.text("why")
    if not text.strip() or text == record.text:
        raise InvalidInput("the correction says what the record says", "write what is right")
    if not form.is_set(SURE):
        return _page(subject, ns, record, "correct", text=text, why=why, is_seen=True)
    subject.bank.store(record.store, ns).correct(record.id, text, why)
    return Elsewhere(address("/record", ns=ns, store=record.store, id=record.id))


def retract_form(subject: Subject, asked: Asked) -> str:
    """What retracting a record would do."""
    ns, record = _about(subject, asked)
    return _page(subject, ns, record, "retract", why="")


def retract(subject: Subject, form: Asked) -> str | Elsewhere:
    """Take a record out of recall."""
    ns, record = _about(subject, form)
    _require_sure(form)
    subject.bank.store(record.store, ns).retract([record.id], form.text("why"))
    return Elsewhere(address("/record", ns=ns, store=record.store, id=record.id))


def forget_form(subject: Subject, asked: Asked) -> str:
    """What forgetting a record, or an event, would erase."""
    ns = subject.known(asked.namespace)
    ids = _events(subject, ns, asked)
    events = subject.bank.events(ns, ids)
    made = looking.made_of(subject.bank, ns, events)
    return framed(
        "forget",
        subject,
        "Forget",
        ns,
        tab="timeline",
        events=events,
        made=made,
        record=asked.text("id"),
        event=asked.text("event"),
        store=asked.text("store"),
    )


def forget(subject: Subject, form: Asked) -> str:
    """Forget events for good, down to the bytes; what was done, as a page."""
    ns = subject.known(form.namespace)
    _require_sure(form)
    report = subject.bank.forget(ns, events=_events(subject, ns, form))
    report = scrubbed(subject.bank, report, WAIT_SECONDS)
    return framed(
        "forgotten",
        subject,
        "Forgotten",
        ns,
        tab="timeline",
        report=report,
    )


def _events(subject: Subject, namespace: Namespace, asked: Asked) -> list[str]:
    """The ids of the events that are meant: one, or those that a record came from."""
    if asked.is_set("event"):
        return [event_of(subject, namespace, asked.text("event")).id]
    return list(record_of(subject, namespace, asked.required("id"), asked.text("store")).sources)


def _about(subject: Subject, asked: Asked) -> tuple[Namespace, Record]:
    ns = subject.known(asked.namespace)
    return ns, record_of(subject, ns, asked.required("id"), asked.text("store"))


def _require_sure(form: Asked) -> None:
    """See to it that somebody saw what would be done.

    Raises:
        InvalidInput: it was not confirmed.
    """
    if not form.is_set(SURE):
        raise InvalidInput("it was not confirmed", "go back, tick the box, and send it again")


def _page(
    subject: Subject,
    namespace: Namespace,
    record: Record,
    what: str,
    *,
    why: str,
    text: str = "",
    is_seen: bool = False,
) -> str:
    return framed(
        what,
        subject,
        what.capitalize(),
        namespace,
        tab="records",
        record=record,
        store=record.store,
        text=text,
        why=why,
        is_seen=is_seen,
    )

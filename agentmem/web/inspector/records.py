"""The records of a store, filtered, a page at a time."""

from __future__ import annotations

from agentmem.bank import looking
from agentmem.filters import And, Comparison, Filter, parsed
from agentmem.records import State
from agentmem.web.inspector.asked import Asked, address, fields
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.subject import Subject, kinds_of

LIMIT = 50
FILTERS = ("state", "type", "key", "filter")
STATES = [state.value for state in State if state is not State.FORGOTTEN]


def records(subject: Subject, asked: Asked) -> str:
    """Records that pass the filters, the one changed last first."""
    ns = subject.known(asked.namespace)
    kinds = kinds_of(subject.bank, ns)
    name = asked.one_of("store", list(kinds.stores)) or next(iter(kinds.stores))
    given = fields(asked, FILTERS)
    found = looking.records(
        subject.bank, ns, name, filter_of(asked), before=asked.text("before"), limit=LIMIT
    )
    return framed(
        "records",
        subject,
        "Records",
        ns,
        tab="records",
        kinds=kinds,
        store=name,
        given=given,
        states=STATES,
        records=found.items,
        is_first=not asked.is_set("before"),
        first=address("/records", ns=ns, store=name, **given),
        older=address("/records", ns=ns, store=name, before=found.next, **given) if found.next else "",
    )


def filter_of(asked: Asked) -> Filter | None:
    """The filter that the form means; none where it is empty.

    Raises:
        InvalidFilter: what was typed does not parse.
    """
    parts: list[Filter] = []
    state = asked.one_of("state", STATES)
    if state:
        parts.append(Comparison(field="state", operator="=", value=state))
    for name, operator in (("type", "="), ("key", "contains")):
        if value := asked.text(name):
            parts.append(Comparison.model_validate({"field": name, "operator": operator, "value": value}))
    if typed := asked.text("filter").strip():
        parts.append(parsed(typed))
    return And(parts=tuple(parts)) if parts else None

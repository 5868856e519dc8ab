"""Which node a session works on: one small record a session, and one for whichever session said so last."""

from __future__ import annotations

from agentmem.bank.view import ApplyView, View
from agentmem.records import Event, Record

LATEST = "focus"
TYPE = "focus"
ASIDE = 32
"""How many of them are looked past among the newest records."""


def _key(session: str) -> str:
    return f"{LATEST}/{session}"


def held_by(view: View, session: str | None) -> str | None:
    """The id of the node that `session` (none: the session that said so last) works on; none: no node."""
    held = _standing(view, LATEST if session is None else _key(session))
    return None if held is None else str(held.payload["node"])


def _standing(view: View, key: str) -> Record | None:
    """The record under `key`; what else was put under that key is none."""
    return next((one for one in view.standing(key) if one.type == TYPE and "node" in one.payload), None)


def records(event: Event, node: str, view: ApplyView) -> tuple[Record, ...]:
    """The records that say that the session of `event` works on `node`."""
    made = []
    for key in (LATEST, _key(event.session)):
        held = _standing(view, key)
        made.append(
            Record(
                id=view.new_id() if held is None else held.id,
                type=TYPE,
                key=key,
                payload={"node": node},
                sources=(event.id,),
                time=event.time,
                actor=event.actor,
                session=event.session,
            )
        )
    return tuple(made)

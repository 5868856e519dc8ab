"""The profile of a namespace: the lines of the portrait with their evidence, facts, standing answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from agentmem.stores.profile.aspects import ASPECTS
from agentmem.stores.profile.lines import line_of
from agentmem.web.inspector.asked import Asked
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.subject import Subject, is_waiting, kinds_of

if TYPE_CHECKING:
    from agentmem.stores.profile.store import ProfileStore

FACTS = 200


def profile(subject: Subject, asked: Asked) -> str:
    """What is known of a user."""
    ns = subject.known(asked.namespace)
    kinds = kinds_of(subject.bank, ns)
    memory = cast("ProfileStore", kinds.store("profile", asked.text("store")))
    facts = memory.facts()
    return framed(
        "profile",
        subject,
        "Profile",
        ns,
        tab="profile",
        kinds=kinds,
        store=memory.shelf,
        lines=[line_of(one) for one in memory.portrait()],
        manner=memory.manner(),
        facts=facts[:FACTS],
        more=max(0, len(facts) - FACTS),
        questions=memory.questions(),
        titles={name: aspect.title for name, aspect in ASPECTS.items()},
        is_waiting=is_waiting(subject.bank, ns, memory.shelf),
    )

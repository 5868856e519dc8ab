"""What would stand in a prompt for a question: the exact text, where it is from, what it costs."""

from __future__ import annotations

from agentmem.records import Context
from agentmem.synthesis.tokens import MiniLMTokens
from agentmem.web.inspector.asked import Asked, fields
from agentmem.web.inspector.figures import Segment, shares
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.searching import FIELDS, STATES, memories, query_of
from agentmem.web.inspector.subject import Subject, kinds_of

BUDGET = 1_000
MOST = 100_000


def context(subject: Subject, asked: Asked) -> str:
    """The context for a question."""
    ns = subject.known(asked.namespace)
    kinds = kinds_of(subject.bank, ns)
    memory = subject.memory(ns, asked.text("store"))
    budget = asked.whole("budget", BUDGET, 0, MOST)
    query = query_of(asked) | {"k": asked.whole("k", 20, 1, 1_000)}
    is_asked = asked.is_set("asked") or asked.is_set("q")
    made = memory.synthesize(asked.text("q"), budget, **query) if is_asked else None
    named = {one.id: one for one in memory.get([*(i.id for i in made.items), *made.left_out])} if made else {}
    return framed(
        "context",
        subject,
        "Context",
        ns,
        tab="context",
        kinds=kinds,
        given=fields(asked, FIELDS) | {"k": asked.text("k", "20"), "budget": str(budget)},
        store=asked.text("store") or subject.store,
        memories=memories(subject, list(kinds.stores)),
        chosen_states=asked.all("state") or ["live"],
        states=STATES,
        question=asked.text("q"),
        made=made,
        named=named,
        bar=_bar(made) if made else [],
    )


def _bar(made: Context) -> list[Segment]:
    """What the budget is spent on."""
    stable = min(MiniLMTokens().count(made.stable), made.tokens) if made.stable else 0
    free = max(0, made.budget - made.tokens)
    return shares([("stable part", stable), ("recalled part", made.tokens - stable), ("free", free)])

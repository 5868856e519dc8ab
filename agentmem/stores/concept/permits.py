"""What an abstractor wants, held to trust: what is trusted more stays, and what is said stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentmem.bank.view import View
from agentmem.records import Event, Trust, lowest
from agentmem.stores.concept.abstractors.base import Draft
from agentmem.stores.concept.abstractors.refusing import refused
from agentmem.stores.concept.lookup import heirs
from agentmem.stores.concept.operations import Merge, Revise, State, Told, Vote
from agentmem.stores.concept.problems import Problem


def permitted(
    drafts: Sequence[Draft], verdicts: Mapping[Problem, str], events: Sequence[Event], view: View
) -> list[Draft]:
    """The drafts that can be carried out: one that is not would keep back all of its batch.

    A revision of what is trusted more than the problems it comes from becomes a statement beside it; a vote
    on it, or a merge, is refused.

    Args:
        drafts: What an abstractor wants.
        verdicts: The events of the verdicts on the problems.
        events: Those events.
        view: The memory.
    """
    said = {event.id: event.trust for event in events}
    told = {record.id: record.trust for record in view.get([one.id for one in verdicts])}
    trusts = {
        one: lowest([told.get(one.id, Trust.USER), said.get(event, Trust.USER)])
        for one, event in verdicts.items()
    }
    return [_permitted(draft, lowest([trusts[one] for one in draft.problems]), view) for draft in drafts]


def _permitted(draft: Draft, trust: Trust, view: View) -> Draft:
    operation = draft.operation
    if not isinstance(operation, Revise | Vote | Merge):
        return draft
    nodes = [operation.node, operation.other] if isinstance(operation, Merge) else [operation.node]
    held = view.get(heir for node in nodes for heir in heirs(node, view))
    if all(trust.rank >= record.trust.rank for record in held):
        return draft
    if isinstance(operation, Revise):
        given = {name: getattr(operation, name) for name in Told.model_fields}
        return Draft(State(node=operation.node, **given), draft.problems)
    why = f"the concept is trusted more than {trust.value!r}"
    return Draft(refused(draft.problems[0], "trust", operation.node, why), draft.problems)

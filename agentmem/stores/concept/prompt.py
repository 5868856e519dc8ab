"""Concepts as prompt text: the best in full, the others in a line each, within a budget."""

from __future__ import annotations

from collections.abc import Sequence

from agentmem.bank.view import View
from agentmem.records import Context, Hit
from agentmem.stores.concept.content import is_concept
from agentmem.stores.concept.entry import compressed, concept_of
from agentmem.synthesis.pack import pack
from agentmem.synthesis.policy import PackPolicy
from agentmem.synthesis.tokens import MiniLMTokens

SPARE = 12
"""Tokens that a piece costs beside its text, and the fence, for an estimate: the budget itself is hard."""


def rendered(hits: Sequence[Hit], budget: int, stable: Context, policy: PackPolicy, view: View) -> Context:
    """The hits as text of at most `budget` tokens, with what stands before them.

    Each has its line first; then, best first, as many as there is room for are told in full.
    """
    count = MiniLMTokens().count
    brief = [_brief(hit) for hit in hits]
    room = budget - stable.tokens - 2 * SPARE
    left = room - sum(count(hit.text) + SPARE for hit in brief)
    shown: list[Hit] = []
    for hit, short in zip(hits, brief, strict=True):
        more = count(hit.text) - count(short.text)
        in_full = left >= more or not shown
        left -= more if in_full else 0
        shown.append(hit if in_full else short)
    asked = policy.model_copy(
        update={"order": "ranked", "headers": False, "show_time": False, "show_trust": False, "dedupe": False}
    )
    pinned = [record for record in view.pinned() if record.id in {item.id for item in stable.items}]
    return pack(shown, budget, policy=asked, pinned=pinned)


def _brief(hit: Hit) -> Hit:
    if not is_concept(hit.record):
        return hit
    line = compressed(concept_of(hit.record))
    return hit if len(line) >= len(hit.text) else hit.altered({"record": hit.record.altered({"text": line})})

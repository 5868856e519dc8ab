"""Which slot a value is for: an optimal assignment of the pieces of an utterance to the slots."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from agentmem.stores.number_words import TENS, UNITS
from agentmem.stores.task.rule.clauses import COMMAND, Candidate
from agentmem.stores.task.rule.kinds import ValueKind, asked_kinds, kinds
from agentmem.stores.task.rule.meaning import Meanings
from agentmem.stores.task.rule.policy import RulePolicy
from agentmem.stores.task.rule.world import Live


@dataclass(frozen=True)
class Offer:
    """A value that is offered, and what the words around it say of its slot.

    Attributes:
        value: As said.
        candidate: Where it comes from.
        sentence: The segment whose meaning tells the slot.
        whole: The sentence that it is in.
        named: How strongly each slot is named beside it.
        left: How strongly each slot's present value is named as the one to leave.
        changes: Whether the words around it say that something settled changes.
        nothing: The classifier's probability that the sentence does nothing.
        turns: Whose turn it is among the open slots, by their order.
        doubt: Taken off its strength.
    """

    value: str
    candidate: Candidate
    sentence: str
    whole: str = ""
    named: Mapping[str, float] = field(default_factory=dict)
    left: Mapping[str, float] = field(default_factory=dict)
    changes: bool = False
    nothing: float = 0.0
    turns: Mapping[str, float] = field(default_factory=dict)
    doubt: float = 0.0


def fit(offer: Offer, slot: Live, meanings: Meanings, policy: RulePolicy) -> float:
    """How well a value fits a slot."""
    found = evidence(offer, slot, meanings)
    return float(sum(getattr(policy, name) * amount for name, amount in found.items()))


def turns(slots: Sequence[Live]) -> dict[str, float]:
    """1 for the open slot that was named first, 1/2 for the next, and so on: people answer in order."""
    waiting = [slot for slot in slots if slot.value is None]
    return {slot.id: 1 / (1 + place) for place, slot in enumerate(waiting)}


def evidence(offer: Offer, slot: Live, meanings: Meanings) -> dict[str, float]:
    """What speaks for a value being that of a slot, by the weight of the policy that it is multiplied by."""
    named = offer.named.get(slot.id, 0.0)
    known = [value for value in (slot.value, *slot.past) if value is not None]
    settled = slot.value is not None and not slot.is_stale
    return {
        "nothing_weight": -offer.nothing * (offer.candidate.strength < COMMAND),
        "named_weight": named,
        "other_named_weight": 0.0 if named else -max(offer.named.values(), default=0.0),
        "old_weight": offer.left.get(slot.id, 0.0),
        "open_weight": float(slot.value is None and not offer.changes),
        "turn_weight": 0.0 if offer.changes else offer.turns.get(slot.id, 0.0),
        "settled_weight": -float(settled and not offer.changes),
        "stale_weight": float(slot.is_stale),
        "same_weight": -float(slot.value == offer.value),
        "done_weight": -float(slot.is_done),
        "fresh_weight": -float(slot.is_fresh),
        "recency_weight": 1.0 / (1 + slot.recency),
        "asked_weight": 0.0 if slot.asked is None else 1.0 / (1 + slot.asked),
        "kind_weight": _kind_fit(offer, slot),
        "title_weight": meanings.near(offer.value, slot.title),
        "context_weight": meanings.near(slot.title, offer.sentence, offer.whole),
        "value_weight": meanings.near(offer.value, *known),
    }


def _kind_fit(offer: Offer, slot: Live) -> float:
    phrase = offer.candidate.phrase
    mine = kinds(phrase.words, offer.value, phrase.preposition)
    asked: frozenset[ValueKind] = asked_kinds(slot.title)
    known = kinds_of_text(slot.value) if slot.value is not None else frozenset()
    if offer.candidate.is_doer:
        return 0.7 if "name" in asked or (known == {"name"} and not asked) else -2.5
    if known:
        return _like_known(offer.value, mine, slot.value or "", known)
    if mine & asked:
        return 0.4 if mine == {"name"} else 1.0
    if asked & {"name", "manner", "place"} and mine & {"name", "noun"}:
        return 0.2
    if asked:
        return -0.8 if "number" in mine or asked & {"number", "name"} else -0.5
    return -0.2 if mine <= {"number", "date", "time"} else 0.2


def _like_known(value: str, mine: frozenset[ValueKind], present: str, known: frozenset[ValueKind]) -> float:
    """How well the kind of a value goes with that of the present one."""
    if mine == known == {"name"}:
        return 0.7
    if mine == {"number"} and mine & known:
        return _magnitude(value, present)
    plainly = {"name", "noun", "manner"}
    if mine & known:
        return 1.0
    return 0.3 if mine <= plainly and known <= plainly else -1.0


def _magnitude(new: str, old: str) -> float:
    """1 where two numbers are of like size, less where one is many times the other."""
    one, other = amount(new), amount(old)
    if not one or not other:
        return 1.0
    return max(-1.0, 1.3 - 0.8 * abs(math.log(one / other)))


def amount(text: str) -> float | None:
    """The number that a value begins with, in digits or as a word."""
    match = re.search(r"\d[\d,]*(?:\.\d+)?", text)
    if match is not None:
        return float(match.group().replace(",", "").rstrip("."))
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in SPELT:
            place = SPELT.index(word)
            return float(place if place <= TWENTY else 10 * (place - TWENTY + 2))
    return None


TWENTY = 20
SPELT = [*UNITS, *TENS]


def kinds_of_text(value: str) -> frozenset[ValueKind]:
    """The kinds of a value of which only the text is known."""
    found = kinds((), value)
    if found == {"noun"} and any(word[:1].isupper() for word in value.split()):
        return frozenset({"name"})
    return found


def assign(
    groups: Sequence[Sequence[Offer]], slots: Sequence[Live], meanings: Meanings, policy: RulePolicy
) -> list[tuple[int, Offer, Live, float]]:
    """Give each group of alternative offers at most one slot, each slot at most one, for the greatest sum.

    Returns:
        (place of the group, the offer taken, the slot, the score), for those that reach `policy.accept`.
    """
    from scipy.optimize import linear_sum_assignment

    if not groups or not slots:
        return []
    best: dict[tuple[int, int], tuple[float, Offer]] = {}
    table = np.zeros((len(groups), len(slots)))
    for row, offers in enumerate(groups):
        for column, slot in enumerate(slots):
            scored = [
                (offer.candidate.strength - offer.doubt + fit(offer, slot, meanings, policy), offer)
                for offer in offers
            ]
            score, offer = max(scored, key=lambda pair: pair[0])
            best[row, column] = (score, offer)
            table[row, column] = max(score - policy.accept, 0.0)
    rows, columns = linear_sum_assignment(table, maximize=True)
    found = []
    for row, column in zip(rows, columns, strict=True):
        score, offer = best[row, column]
        if table[row, column] > 0:
            found.append((int(row), offer, slots[column], score))
    return found

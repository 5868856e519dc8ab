"""What was noticed in a user's words: findings, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field, model_validator

from agentmem.records import Text, Time, Value
from agentmem.stores.profile.aspects import ASPECTS, Name

HALF_LIFE = 90.0
"""Days after which a piece of evidence counts half, against the newest one of its aspect."""
SHOWN, ONCE = 0.25, 0.2
"""What counts less than a wish that is said: one that shows, one for this once."""
KEPT = 12
"""Pieces of evidence that a preference keeps word for word, the newest; older ones are in its sources."""
RIVAL = 0.4
"""A value with at least this share of the strongest one's strength is told beside it."""
DAY = 86_400.0


class Note(Value):
    """One finding.

    Attributes:
        aspect: What it is about.
        value: Which of the aspect's values; empty where the words are all that is known.
        said: The user's words.
        shown: Whether it shows in how something is said, rather than being said.
        once: Whether it was said of this once.
    """

    aspect: Name
    value: Text = ""
    said: Text = Field(min_length=1)
    shown: bool = False
    once: bool = False

    @model_validator(mode="after")
    def _is_known(self) -> Note:
        if self.value and self.value not in ASPECTS[self.aspect].values:
            values = ", ".join(ASPECTS[self.aspect].values)
            raise ValueError(f"{self.aspect} is never {self.value!r}; it is one of: {values}")
        return self

    @property
    def weight(self) -> float:
        """What it counts when it is new."""
        return (SHOWN if self.shown else 1.0) * (ONCE if self.once else 1.0)


class Evidence(Note):
    """A finding, when it was made."""

    at: Time
    event: Text


def strengths(evidence: Sequence[Evidence]) -> dict[str, float]:
    """How strongly each value is supported, the strongest first: Σ w 2^(-age / half-life).

    Ages are against the newest piece, so that nothing changes while nothing is learnt; of equal ones the one
    with the newer evidence comes first. Words whose value is not known support none.
    """
    evidence = [one for one in evidence if one.value]
    if not evidence:
        return {}
    newest = max(one.at for one in evidence)
    found: dict[str, float] = {}
    latest: dict[str, datetime] = {}
    for one in evidence:
        age = (newest - one.at).total_seconds() / DAY
        found[one.value] = found.get(one.value, 0.0) + one.weight * 2 ** (-age / HALF_LIFE)
        latest[one.value] = max(latest.get(one.value, one.at), one.at)
    order = sorted(found, key=lambda value: (round(found[value], 9), latest[value]), reverse=True)
    return {value: found[value] for value in order}

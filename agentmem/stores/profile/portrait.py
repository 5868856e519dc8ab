"""How what is known of a user is worded: a line for each preference, with the user's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentmem.stores.profile.aspects import ASPECTS, Name
from agentmem.stores.profile.notes import RIVAL, Evidence, strengths

QUOTES = 3
"""Most quotations in a line."""
TIMES = {1: "once", 2: "twice"}


def line(aspect: Name, evidence: Sequence[Evidence], counts: Mapping[str, int]) -> str:
    """A preference in one line.

    Args:
        aspect: What it is about.
        evidence: What it rests on, the oldest first; at least one piece.
        counts: How many pieces there were in all, by value.

    Returns:
        The value that holds, where one is known, in which words, how often and when last; then a value that
        is nearly as strong.
    """
    about, strong = ASPECTS[aspect], strengths(evidence)
    value, *others = strong or [""]
    parts = [f"{about.title}:", *([f"{about.values[value]}."] if value else []), *_quoted(value, evidence)]
    last = max(one.at for one in evidence if one.value in (value, ""))
    count = counts.get(value, 0) + (counts.get("", 0) if value else 0)
    parts.append(f"({TIMES.get(count, f'{count} times')}, last on {last:%Y-%m-%d})")
    parts += [
        f"But also, at times: {about.values[other]}. {' '.join(_quoted(other, evidence)[-1:])}".strip()
        for other in others
        if strong[other] >= RIVAL * strong[value]
    ]
    return " ".join(parts)


def _quoted(value: str, evidence: Sequence[Evidence]) -> list[str]:
    """The user's words for a value, those that say it rather than show it first, the newest last."""
    every = [one for one in evidence if one.value in (value, "")]
    own = [one for one in every if not one.once]
    said = [one for one in own if not one.shown] or own or every
    return [f'"{one.said}"' for one in said[-QUOTES:]]

"""Which step depends on which: "X depends on Y", "first Y, then X", "no X before Y"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agentmem.stores.task.rule.cues import KINDS, patterns

CUT = re.compile(r"[,;:(–—]\s|\s-\s|\.\.\.")
POINTING = re.compile(
    r"^(?:and |but |so |also )*(?:that|it|this|they|these|those|which|that one|this one|which one|both|"
    r"that too|one|them)?\s*(?:one)?(?: (?:also|really|too|all|rather|both|only|kind of|sort of|one|"
    r"itself|of course))*$"
)


@dataclass(frozen=True)
class Stated:
    """A dependency as said.

    Attributes:
        node: The text that names what depends; empty where a pronoun does.
        on: The text that names what it depends on; empty where a pronoun does.
        start: Where in the sentence what names `node` begins; what is before says something else.
        weak: Whether its cue is weak evidence, so that both ends have to be slots.
    """

    node: str
    on: str
    start: int
    weak: bool


def stated(said: str) -> Stated | None:
    """The dependency that a sentence in lower case states; none where it states none."""
    for kind, pattern in _all_patterns():
        match = pattern.search(said)
        if match is None:
            continue
        led = kind.startswith("depend_verb")
        groups = match.groupdict()
        node, on = groups.get("x") or "", groups.get("y") or ""
        if groups.get("x2") and re.match(r"(?:.*\b)?(?:i|we|you|they|one)(?: really)?\s*$", node):
            node = groups["x2"]
        begin = match.start("x") if groups.get("x") is not None else match.start()
        second = node == groups.get("x2")
        inner = 0 if second else _last_cut(groups.get("x") or "")
        inner = inner if led and match.start("x") < match.start("y") else 0
        if (groups.get("x") or "").rstrip().endswith(",") and not second:
            inner = len(groups["x"])
        node = node[inner:]
        on = _first_part(on)
        if not second and led and not POINTING.match(node.strip()):
            tied = [one.end() for one in re.finditer(r"\b(?:and|but)\b", node)]
            if tied and re.search(
                r"\b(?:is|are|'s|was|isn't|aren't|need|needs|have|has)\b", node[: tied[-1]]
            ):
                inner += tied[-1]
                node = node[tied[-1] :]
        lead = re.match(r"\s*(?:and|but|so|also)\s+", node)
        if lead is not None:
            inner += lead.end()
            node = node[lead.end() :]
        node = node.strip(" ,.;:")
        if POINTING.match(node):
            node = ""
        if POINTING.match(on.strip(" ,.;:")):
            on = ""
        return Stated(node, on.strip(" ,.;:"), begin + inner, kind.endswith("weak"))
    return None


def _all_patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(kind, pattern) for kind in KINDS["depend"] for pattern in patterns(kind)]


def _last_cut(text: str) -> int:
    """Where the last part of `text` begins."""
    found = [match.end() for match in CUT.finditer(text.rstrip(" ,"))]
    return found[-1] if found else 0


def _first_part(text: str) -> str:
    match = CUT.search(text)
    return text[: match.start()] if match and match.start() > 1 else text

"""How a concept looks in all views: a shape and colours for its kind, for light pages and dark ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from math import sqrt
from typing import Any


class Look(StrEnum):
    """What kind of concept it is, as far as it is drawn."""

    ROUTINE = "routine"
    STRUCTURE = "structure"
    TYPE = "type"
    LESSON = "lesson"
    RULE = "rule"
    OTHER = "other"


class Line(StrEnum):
    """What joins two concepts."""

    USED = "used"
    ALIKE = "alike"
    FILLS = "fills"


MEANT: Mapping[Line, str] = {
    Line.USED: "used together",
    Line.ALIKE: "may be one",
    Line.FILLS: "fills a parameter of",
}
LIGHT: Mapping[Look, tuple[str, str]] = {
    Look.ROUTINE: ("#5b8def", "#2a56ad"),
    Look.STRUCTURE: ("#3fae8f", "#1c6d56"),
    Look.TYPE: ("#e0a136", "#8f5d0a"),
    Look.LESSON: ("#b07de0", "#6f3ba3"),
    Look.RULE: ("#e07a7a", "#9f3434"),
    Look.OTHER: ("#9aa5b5", "#566173"),
}
"""Fill and line on a light page."""
DARK: Mapping[Look, tuple[str, str]] = {
    Look.ROUTINE: ("#3565c4", "#8fb3ff"),
    Look.STRUCTURE: ("#1f7f66", "#6fd8bb"),
    Look.TYPE: ("#9a6a14", "#f3c26b"),
    Look.LESSON: ("#7a48ab", "#d3aefa"),
    Look.RULE: ("#a64545", "#f7a8a8"),
    Look.OTHER: ("#5a6576", "#b3bdcc"),
}
LINES: Mapping[Line, tuple[str, str]] = {
    Line.USED: ("#6c7a90", "#8794a8"),
    Line.ALIKE: ("#a3307f", "#ee86c9"),
    Line.FILLS: ("#a0560f", "#f0ad66"),
}
"""Colours of lines on a light page and on a dark one."""
HARM = ("#c01f35", "#ff7f8c")
"""The ring around what harmed more often than it helped."""


def look_of(node: Mapping[str, Any]) -> Look:
    """How the node of a graph looks."""
    if node["form"] != "ps":
        return Look.LESSON if node["form"] == "oe" else Look.RULE
    return next((look for look in Look if look == node["kind"]), Look.OTHER)


def harms(node: Mapping[str, Any]) -> bool:
    """Whether a concept harmed more often than it helped."""
    outcomes = node["outcomes"]
    return bool(outcomes.get("harmed", 0) > outcomes.get("helped", 0))


def shape(look: Look, radius: float) -> str:
    """The path of a shape around the origin, of about the area of a circle of that radius."""
    if look is Look.TYPE:
        half = radius * 0.89
        return f"M{-half:.1f},{-half:.1f}h{2 * half:.1f}v{2 * half:.1f}h{-2 * half:.1f}z"
    if look is Look.STRUCTURE:
        tip = radius * sqrt(1.57)
        return f"M0,{-tip:.1f}L{tip:.1f},0L0,{tip:.1f}L{-tip:.1f},0z"
    if look is Look.RULE:
        tip = radius * 1.35
        return f"M0,{-tip:.1f}L{tip * 0.95:.1f},{tip * 0.7:.1f}H{-tip * 0.95:.1f}z"
    half = round(radius, 1)
    around = f"a{half:.1f},{half:.1f} 0 1 0"
    return f"M{-half:.1f},0{around} {2 * half:.1f},0{around} {-2 * half:.1f},0z"


def styles(dark: str) -> Iterator[str]:
    """The rules of a style sheet; `dark` is a rule's head with `%s` for what stands on a dark page."""
    for place, looks in enumerate((LIGHT, DARK)):
        rules = [
            f".{look} .shape {{ fill: {fill}; stroke: {line}; }}" for look, (fill, line) in looks.items()
        ]
        for kind, colours in LINES.items():
            rules.append(f".{kind} {{ stroke: {colours[place]}; }}")
        rules.append(f".harm .ring {{ stroke: {HARM[place]}; }}")
        rules.append(f".tip {{ fill: {LINES[Line.FILLS][place]}; }}")
        yield from rules if not place else (dark % rule for rule in rules)

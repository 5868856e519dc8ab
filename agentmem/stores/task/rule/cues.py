"""The cue phrases of intent, from their file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

KINDS = {
    "new": ("new_before", "new_behind", "new_somebody", "new_opening", "new_unknown"),
    "depend": ("depend_verb", "depend_frame", "depend_verb_weak", "depend_frame_weak"),
}
"""Kinds of cue that are told apart in the file."""

ANYTHING = re.compile(r"\(\?P<\w+>\.\+\?\)")
"""How a pattern begins that takes in all that is before its cue."""
LINE_BEGIN = "(?m:^)"
"""Where such a pattern matches if it does: searched for from every place, it would take quadratic time."""


@cache
def _data() -> dict[str, Any]:
    text = files("agentmem.stores.task.rule").joinpath("cues.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@cache
def patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of one kind of cue, in the order of the file."""
    if name in KINDS:
        return tuple(pattern for part in KINDS[name] for pattern in patterns(part))
    listed = _data()[name]
    sets: dict[str, str] = _data()["sets"]
    found = []
    for one in [listed] if isinstance(listed, str) else listed:
        filled = one.replace("n't", "n'?t")
        for key, value in sets.items():
            filled = filled.replace("{" + key + "}", value)
        found.append(re.compile(LINE_BEGIN + filled if ANYTHING.match(filled) else filled))
    return tuple(found)


def has(name: str, text: str) -> bool:
    """Whether a cue of that kind is in `text`, which is in lower case."""
    return any(pattern.search(text) for pattern in patterns(name))


def flags(text: str, names: Sequence[str]) -> list[float]:
    """1 for each kind of cue that is in `text`, else 0."""
    return [float(has(name, text)) for name in names]


def opening(text: str) -> int:
    """How many characters of `text` open it and say nothing of their own."""
    match = patterns("opening")[0].match(text)
    return match.end() if match else 0

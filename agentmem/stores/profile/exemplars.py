"""How people say what a profile is about: sentences by aspect, which others are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from agentmem.records import Text, Value
from agentmem.stores.profile.aspects import ASPECTS, Name

OTHER = "other"
"""What is of no aspect."""


class Sentences(Value):
    """Sentences to compare with, and sentences to check the comparison by."""

    learn: tuple[Text, ...]
    check: tuple[Text, ...]


class Exemplars(Value):
    """All sentences: by aspect and value, and such as are of none."""

    exemplars: Mapping[Name, Mapping[Text, Sentences]]
    other: Sentences


@cache
def exemplars() -> Exemplars:
    """Those that the package carries."""
    text = (files(__package__) / "exemplars.yaml").read_text(encoding="utf-8")
    return Exemplars(**yaml.safe_load(text))


@cache
def learnt_by() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All sentences to compare with, and the aspect of each, `OTHER` among them."""
    said: list[str] = []
    aspects: list[str] = []
    for aspect, values in exemplars().exemplars.items():
        for value in ASPECTS[aspect].values:
            said += values[value].learn
            aspects += [aspect] * len(values[value].learn)
    said += exemplars().other.learn
    aspects += [OTHER] * len(exemplars().other.learn)
    return tuple(said), tuple(aspects)

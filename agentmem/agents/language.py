"""Facts as sentences and back: the sentence templates of a world, as data that worlds and policies share.

A template holds `{0}`, `{1}`, … for the arguments: "{0} is in {1}.". Names are shown readably:
`room-a` as `room a`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from pydantic import Field

from agentmem.records import Value

Atom = tuple[str, ...]
"""A predicate (or action) and its arguments: ("at", "ball1", "room-a")."""
SLOT = re.compile(r"\{(\d+)\}")
"""The place of an argument in a template."""


class Sentence(Value):
    """How a fact is told.

    Attributes:
        holds: Where it holds: "{0} is in {1}."
        fails: Where it does not, or no longer: "{0} is not in {1}."
    """

    holds: str
    fails: str


def readable(name: str) -> str:
    """A name as it is shown: `room-a` as `room a`."""
    return name.replace("-", " ").replace("_", " ").strip()


def default_sentence(predicate: str, arity: int) -> Sentence:
    """The sentence of a predicate that no template was given for: "on b1 b2." as "on: b1, b2."."""
    slots = ", ".join(f"{{{place}}}" for place in range(arity))
    head = readable(predicate)
    said = f"{head}: {slots}" if slots else head
    return Sentence(holds=f"{said}.", fails=f"not {said}.")


def default_action(name: str, arity: int) -> str:
    """How an action that no template was given for is written: "pick ball1 room-a left"."""
    return " ".join([readable(name), *(f"{{{place}}}" for place in range(arity))])


class Language(Value):
    """The sentences of a world: of its facts, and of its actions.

    Attributes:
        predicates: Templates of facts, by predicate.
        actions: Templates of actions, by action.
        objects: The names of all objects, as PDDL writes them.
    """

    predicates: Mapping[str, Sentence]
    actions: Mapping[str, str]
    objects: tuple[str, ...] = Field(default=())

    def fact(self, atom: Atom, holds: bool = True) -> str:
        """The sentence that says that `atom` holds, or does not.

        Raises:
            KeyError: no template of its predicate.
        """
        template = self.predicates[atom[0]]
        return self._filled(template.holds if holds else template.fails, atom[1:])

    def action(self, atom: Atom) -> str:
        """How an action is written."""
        return self._filled(self.actions[atom[0]], atom[1:])

    def shown(self, name: str) -> str:
        """An object as it is told: readable, but where another would be told alike."""
        return self._shown.get(name, readable(name))

    def read_fact(self, sentence: str) -> tuple[Atom, bool] | None:
        """The fact that a sentence tells, and whether it holds; none: it tells none."""
        return _first(self._facts, sentence, self._names)

    def read_action(self, text: str) -> Atom | None:
        """The action that a text writes, by its template or as PDDL has it, whatever the case; or none.

        Of a template that names some arguments only, it has those, in order.
        """
        found = _first(self._actions, text.strip().rstrip("."), self._names)
        return None if found is None else found[0]

    def facts_in(self, text: str) -> Iterable[tuple[Atom, bool]]:
        """The facts that the sentences of a text tell, in order; what tells none is passed over.

        What stands before a sentence with a colon ("[3] environment: …") is passed over too, as little of it
        as may be: a sentence can have a colon of its own.
        """
        for sentence in sentences(text):
            told = sentence
            while (found := self.read_fact(told)) is None and ": " in told:
                told = told.partition(": ")[2]
            if found is not None:
                yield found

    @cached_property
    def _shown(self) -> dict[str, str]:
        same = Counter(key for name in self.objects for key in {name.lower(), readable(name).lower()})
        return {name: readable(name) if same[readable(name).lower()] == 1 else name for name in self.objects}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {key: name for name in self.objects for key in (name.lower(), self._shown[name].lower())}

    def _filled(self, template: str, arguments: Iterable[str]) -> str:
        names = [self.shown(name) for name in arguments]
        return SLOT.sub(lambda found: names[int(found[1])], template)

    @cached_property
    def _facts(self) -> list[tuple[re.Pattern[str], str, list[int], bool]]:
        found = []
        for name, template in self.predicates.items():
            for text, holds in ((template.holds, True), (template.fails, False)):
                pattern, slots = _pattern(text.rstrip("."), self._names)
                found.append((pattern, name, slots, holds))
        return found

    @cached_property
    def _actions(self) -> list[tuple[re.Pattern[str], str, list[int], bool]]:
        found = []
        for name, text in self.actions.items():
            slots = sorted({int(slot) for slot in SLOT.findall(text)})
            for one in (text, " ".join([name, *(f"{{{place}}}" for place in slots)])):
                pattern, order = _pattern(one, self._names)
                found.append((pattern, name, order, True))
        return found


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the full stops that end them."""
    found = re.split(r"\.(?=\s|$)|\n", text)
    return [one.strip() for one in found if one.strip()]


def _pattern(template: str, names: Mapping[str, str]) -> tuple[re.Pattern[str], list[int]]:
    """The pattern of a template, and which argument each of its groups is."""
    order: list[int] = []
    one = "|".join(re.escape(name) for name in sorted(names, key=lambda name: -len(name))) or r"(?!)"
    parts: list[str] = []
    last = 0
    for found in SLOT.finditer(template):
        parts += [re.escape(template[last : found.start()]), f"({one})"]
        order.append(int(found[1]))
        last = found.end()
    parts.append(re.escape(template[last:]))
    return re.compile("".join(parts).replace(r"\ ", r"\s+"), re.IGNORECASE), order


def _first(patterns: Iterable[Any], text: str, names: Mapping[str, str]) -> tuple[Atom, bool] | None:
    plain = text.strip().rstrip(".")
    for pattern, name, order, holds in patterns:
        found = pattern.fullmatch(plain)
        if found is not None:
            said: dict[int, str] = {}
            for group, place in zip(found.groups(), order, strict=True):
                known = names[" ".join(group.lower().split())]
                if said.setdefault(place, known) != known:
                    break
            else:
                return (name, *(said[place] for place in sorted(said))), holds
    return None

"""Generated data sets of concepts, with few hubs and with many: the same seed gives the same data.

Problems come of latent themes: a theme has its actions and objects, its concepts, and the general concepts
(hubs) that its solutions lean on. A problem tells a part of what its solution uses, in other words than the
concepts' own, and things besides; hubs are seldom told at all. They show how signals are weighed where each
knows something, and say little about how people write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from agentmem_bench.concepts.data import Concept, Dataset, Parameter, Problem, Use


@dataclass(frozen=True)
class Shape:
    """What a generated data set is like.

    Attributes:
        problems: How many.
        concepts: How many, hubs included.
        themes: How many kinds of problems.
        special: Concepts of its theme that a problem uses, on average.
        hubs: Of a solution, the share of uses that are hubs'.
        told: Chance that the text of a problem tells of a concept that it uses.
        hub_told: The same of a hub.
        besides: Things on average that are told and not used.
        stray: Chance that a used concept comes from another theme.
        steepness: Exponent of Zipf's law within a theme: how much the first concepts are preferred.
        plugging: How many times as likely a concept is whose result is what the one before it takes.
    """

    problems: int = 160
    concepts: int = 140
    themes: int = 14
    special: float = 3.0
    hubs: float = 0.15
    told: float = 0.5
    hub_told: float = 0.1
    besides: float = 1.0
    stray: float = 0.15
    steepness: float = 0.8
    plugging: float = 3.0


SHAPES: Mapping[str, Shape] = {
    "few hubs": Shape(),
    "many hubs": Shape(problems=160, concepts=270, themes=16, special=3.0, hubs=0.5, told=0.4, steepness=0.6),
}
"""The two that are measured by default: in `many hubs` a dozen concepts carry half the uses."""


@cache
def lexicons() -> dict[str, dict[str, Any]]:
    """Words of each domain."""
    text = (files(__package__) / "lexicons.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return found


def generate(shape: Shape, domain: str, seed: int) -> Dataset:
    """A data set in the words of `domain`, of the name of a lexicon."""
    return _Maker(shape, lexicons()[domain], np.random.default_rng(seed)).made()


class _Maker:
    """One data set in the making."""

    def __init__(self, shape: Shape, words: dict[str, Any], random: np.random.Generator) -> None:
        self.shape = shape
        self.words = words
        self.random = random
        self.actions: dict[str, list[str]] = words["actions"]
        self.objects: dict[str, list[str]] = words["objects"]
        self.pairs = self._pairs()
        self.hubs = [f"hub-{place}" for place in range(min(12, len(words["hubs"])))]

    def _pairs(self) -> dict[str, list[tuple[str, str]]]:
        """An action and an object for each concept that is no hub, by theme; none occurs twice."""
        taken: set[tuple[str, str]] = set()
        found: dict[str, list[tuple[str, str]]] = {}
        each = -(-(self.shape.concepts - len(self.words["hubs"])) // self.shape.themes)
        for theme in range(self.shape.themes):
            actions = self.random.choice(list(self.actions), 6, replace=False)
            objects = self.random.choice(list(self.objects), 6, replace=False)
            free = [(str(a), str(o)) for a in actions for o in objects if (str(a), str(o)) not in taken]
            chosen = self.random.permutation(len(free))[:each]
            found[str(theme)] = [free[place] for place in chosen]
            taken |= set(found[str(theme)])
        return found

    def made(self) -> Dataset:
        concepts = [self._concept(theme, *pair) for theme, pairs in self.pairs.items() for pair in pairs]
        concepts += [self._hub(place) for place in range(len(self.hubs))]
        leaning = {theme: self.random.dirichlet(np.full(len(self.hubs), 0.5)) for theme in self.pairs}
        general = zipf(len(self.hubs), 1.0)
        problems, uses = [], []
        for number in range(self.shape.problems):
            theme = str(self.random.integers(self.shape.themes))
            special = self._special(theme)
            share = self.shape.hubs / (1 - self.shape.hubs)
            count = min(self.random.poisson(share * len(special)), len(self.hubs))
            chances = 0.6 * general + 0.4 * leaning[theme]
            hubs = [
                self.hubs[place]
                for place in self.random.choice(len(self.hubs), count, replace=False, p=chances)
            ]
            id = f"problem-{number:04}"
            problems.append(Problem(id=id, text=self._told(theme, special, hubs)))
            uses.append(Use(problem=id, concepts=(*(_id(pair) for pair in special), *hubs)))
        return Dataset(problems=tuple(problems), concepts=tuple(concepts), uses=tuple(uses))

    def _special(self, theme: str) -> list[tuple[str, str]]:
        """The concepts of its theme, and strays, that a problem uses."""
        count = 1 + self.random.poisson(self.shape.special - 1)
        chosen: list[tuple[str, str]] = []
        for _ in range(count):
            of = str(self.random.integers(self.shape.themes)) if self._chance(self.shape.stray) else theme
            pairs = self.pairs[of]
            chances = zipf(len(pairs), self.shape.steepness)
            if chosen:
                wanted = self._type(self.objects, chosen[-1][1])
                plugs = np.array([self._type(self.actions, action) == wanted for action, _ in pairs])
                chances = np.where(plugs, self.shape.plugging, 1.0) * chances
            pair = pairs[self.random.choice(len(pairs), p=chances / chances.sum())]
            if pair not in chosen:
                chosen.append(pair)
        return chosen

    def _told(self, theme: str, special: list[tuple[str, str]], hubs: list[str]) -> str:
        parts = [self._phrase(*pair) for pair in special if self._chance(self.shape.told)]
        parts += [
            self.words["hubs"][self.hubs.index(hub)] for hub in hubs if self._chance(self.shape.hub_told)
        ]
        pairs = self.pairs[theme]
        for _ in range(self.random.poisson(self.shape.besides)):
            parts.append(self._phrase(*pairs[self.random.integers(len(pairs))]))
        if not parts:
            parts = [self._phrase(*special[0])]
        joined = ", and ".join(str(part) for part in self.random.permutation(parts))
        return str(self.random.choice(self.words["problem"])).format(parts=joined)

    def _phrase(self, action: str, object: str) -> str:
        """One of the ways to say it."""
        said = self.random.choice(self.actions[action]), self.random.choice(self.objects[object])
        return f"{said[0]} the {said[1]}"

    def _concept(self, theme: str, action: str, object: str) -> Concept:
        """A concept, whose words are some of those that problems use."""
        of_object, of_action = self._type(self.objects, object), self._type(self.actions, action)
        ways = self.actions[action][:2], self.objects[object][:2]
        routine = self._chance(0.15)
        return Concept(
            id=_id((action, object)),
            title=f"{action} {object}",
            description=f"{ways[0][-1]} a {ways[1][0]}".capitalize(),
            kind="routine",
            cues=(f"a {self.random.choice(self.objects[object])} is to be seen",),
            notes=(f"first find the {ways[1][-1]}",) if self._chance(0.5) else (),
            parameters=(
                Parameter(
                    name=object, type=f"Callable[[{of_object}], {of_action}]" if routine else of_object
                ),
            ),
            output_type=of_action,
        )

    def _hub(self, place: int) -> Concept:
        types = self.words["types"]
        return Concept(
            id=self.hubs[place],
            title=self.words["hubs"][place],
            description=f"{self.words['hubs'][place]}, as it is often needed".capitalize(),
            kind="structure",
            output_type=types[place % len(types)],
        )

    def _type(self, among: dict[str, list[str]], word: str) -> str:
        """What an object is to its routine, or what an action gives."""
        types: list[str] = self.words["types"]
        return types[list(among).index(word) % len(types)]

    def _chance(self, share: float) -> bool:
        return bool(self.random.random() < share)


def zipf(count: int, steepness: float) -> NDArray[np.float64]:
    """Chances by rank, shape (count,), by Zipf's law."""
    weights = 1.0 / np.arange(1, count + 1) ** steepness
    return np.asarray(weights / weights.sum())


def _id(pair: tuple[str, str]) -> str:
    return "-".join(pair)

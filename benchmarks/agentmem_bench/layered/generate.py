"""Fading streams whose truth is known: the same seed gives the same stream.

Entities have aspects; statements about them matter for a hidden time. What passes, what never mattered and
what will turn out to last are said in the same words. Ids say nothing, and of one moment nothing else is to
be had than its lines say. The streams show how signals of different worth are used together; how people
write, they do not show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import numpy as np
import yaml

from agentmem_bench.layered.data import Feedback, Item, Line, Query, Stream
from agentmem_bench.layered.regimes import Class, Regime

BEGIN = datetime(2023, 1, 2, tzinfo=UTC)
WARM = 45.0
"""Days before the first question."""
MOST_EXPIRED = 200
"""Expired items that a question names at most, the newest."""
ANSWERED = 5 / 1_440
"""Days from a question to its feedback."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Choice = TypeVar("Choice")


@cache
def lexicons() -> dict[str, dict[str, Any]]:
    """Words of each regime."""
    text = (files(__package__) / "lexicons.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return found


@dataclass
class Statement:
    """An item and its truth, days counted from the beginning."""

    of: Class
    entity: str
    aspect: str
    day: float
    until: float
    text: str = ""
    id: str = ""

    def matters(self, day: float) -> bool:
        """Whether it is in force."""
        return self.of != "noise" and self.day <= day < self.until


def generate(regime: Regime, words: str, seed: int) -> Stream:
    """A stream in the words of the lexicon `words`."""
    return Maker(regime, lexicons()[words], np.random.default_rng(seed)).made()


class Maker:
    """One stream in the making.

    Attributes:
        statements: All of them, in time order, once it is made.
    """

    def __init__(self, regime: Regime, words: dict[str, Any], random: np.random.Generator) -> None:
        self.regime, self.words, self.random = regime, words, random
        places = random.choice(len(words["entities"]), regime.entities, replace=False)
        self.entities: list[str] = [words["entities"][place] for place in places]
        self.aspects: dict[str, list[str]] = words["aspects"]
        self.statements: list[Statement] = []

    def made(self) -> Stream:
        """The stream."""
        self.statements = sorted(self._passing() + self._settled(), key=lambda one: one.day)
        self._revise()
        ids = self.random.permutation(len(self.statements) * 7)
        for number, one in enumerate(self.statements):
            one.id, one.text = f"i{ids[number]:05}", self._said(one)
        lines: list[Line] = [self._item(one) for one in self.statements]
        for query, feedback in self._asked():
            lines += [query, *feedback]
        lines += self._needed()
        return Stream(tuple(sorted(lines, key=lambda line: line.time)))

    # Statements

    def _passing(self) -> list[Statement]:
        regime, made = self.regime, []
        for day in self._moments(regime.passing * regime.days):
            draw = self.random.random()
            of: Class = "passing"
            if draw < regime.noise:
                of = "noise"
            elif draw < regime.noise + regime.sleepers:
                of = "sleeper"
            made.append(self._statement(of, self._one(self.entities), day))
        return made

    def _settled(self) -> list[Statement]:
        regime, made = self.regime, []
        for entity in self.entities:
            for day in self._moments(regime.season * regime.days / 90):
                made.append(self._statement("season", entity, day))
            for day in self._moments(regime.lasting * regime.days / 365):
                early = self._chance(regime.settled)
                made.append(self._statement("lasting", entity, day / 10 if early else day))
        return made

    def _revise(self) -> None:
        """Let statements end what was said before of the same entity and aspect, for the same time."""
        latest: dict[tuple[str, str, str], Statement] = {}
        for one in self.statements:
            if one.of not in ("season", "lasting"):
                continue
            key = (one.of, one.entity, one.aspect)
            before = latest.get(key)
            if before is not None and before.matters(one.day) and self._chance(self.regime.revised):
                before.until = one.day
                one.text = self._one(self.words["revised"])
            latest[key] = one

    def _statement(self, of: Class, entity: str, day: float) -> Statement:
        span = self.regime.horizons[of]
        horizon = float(np.exp(self.random.uniform(np.log(span.least), np.log(span.most))))
        return Statement(of, entity, self._one(list(self.aspects)), day, day + horizon)

    def _said(self, one: Statement) -> str:
        form = one.of if one.of in ("season", "lasting") else "passing"
        said = self._one(self.words[form]).format(
            entity=one.entity,
            aspect=self._one(self.aspects[one.aspect]),
            party=self._one(self.words["parties"]),
            degree=self._one(self.words["degrees"]),
            figure=int(self.random.integers(2, 400)),
            day=_WEEKDAYS[self._time(one.day).weekday()],
        )
        said = one.text.format(text=said) if one.text else said
        return said[0].upper() + said[1:]

    def _item(self, one: Statement) -> Item:
        regime = self.regime
        layer = importance = None
        if self._chance(regime.layer_told):
            right = {"season": 1, "lasting": 2}.get(one.of, 0)
            place = (
                right if self._chance(regime.layer_right) else self._one([n for n in range(3) if n != right])
            )
            layer = regime.layers[place]
        if self._chance(regime.importance_told):
            drawn = self.random.normal(regime.importances[one.of], regime.spread)
            importance = float(np.clip(round(drawn), 5, 100))
        return Item(item=one.id, time=self._time(one.day), text=one.text, importance=importance, layer=layer)

    # Questions and feedback

    def _asked(self) -> list[tuple[Query, list[Feedback]]]:
        regime, asked = self.regime, []
        day, number = WARM, 0
        while (day := day + self.random.uniform(0.5, 1.5) * regime.every) < regime.days:
            aspect = None if self._chance(regime.general) else self._one(list(self.aspects))
            entity = self._entity(day)
            about = [
                one
                for one in self.statements
                if one.day <= day and one.entity == entity and aspect in (None, one.aspect)
            ]
            relevant = [one for one in about if one.matters(day)]
            if not relevant:
                continue
            expired = [one for one in about if one.of != "noise" and not one.matters(day)][-MOST_EXPIRED:]
            said = self._one(self.words["general" if aspect is None else "specific"])
            phrase = "" if aspect is None else self._one(self.aspects[aspect])
            query = Query(
                query=f"q{number:03}",
                time=self._time(day),
                text=said.format(entity=entity, aspect=phrase),
                relevant=tuple(sorted(one.id for one in relevant)),
                expired=tuple(sorted(one.id for one in expired)),
            )
            feedback = [
                Feedback(feedback=one.id, time=self._time(day + ANSWERED), value=value)
                for some, value, chance in ((relevant, 1.0, regime.used), (expired, -1.0, regime.misled))
                for one in some
                if self._chance(chance)
            ]
            asked.append((query, feedback))
            number += 1
        return asked

    def _entity(self, day: float) -> str:
        """What is asked about: often what something of the day is about."""
        lately = [one.entity for one in self.statements if one.of == "passing" and one.matters(day)]
        return self._one(lately if lately and self._chance(self.regime.prompted) else self.entities)

    def _needed(self) -> list[Feedback]:
        """Uses of sleepers beside those by questions: what shows that they last."""
        told = []
        for one in self.statements:
            if one.of != "sleeper":
                continue
            day = one.day
            while (day := day + self.random.exponential(self.regime.needed)) < min(
                one.until, self.regime.days
            ):
                told.append(Feedback(feedback=one.id, time=self._time(day), value=1.0))
        return told

    # Chance

    def _moments(self, mean: float) -> list[float]:
        """Moments of the stream, within working hours, in days; as many as Poisson draws of a mean."""
        days = self.random.integers(0, self.regime.days, self.random.poisson(mean))
        return [float(day + self.random.uniform(7 / 24, 20 / 24)) for day in days]

    def _time(self, day: float) -> datetime:
        """The moment so many days after the beginning, in whole seconds."""
        return BEGIN + timedelta(seconds=round(day * 86_400))

    def _one(self, of: list[Choice]) -> Choice:
        return of[int(self.random.integers(len(of)))]

    def _chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

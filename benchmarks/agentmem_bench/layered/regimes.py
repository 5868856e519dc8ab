"""What regimes of generated streams are like: how much happens, how long it matters, what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Class = Literal["noise", "passing", "season", "lasting", "sleeper"]
"""What an item is, which nobody is told: noise never matters; a sleeper looks like what passes, and lasts."""


@dataclass(frozen=True)
class Span:
    """Lengths of time, in days, drawn evenly in their logarithm."""

    least: float
    most: float


@dataclass(frozen=True)
class Regime:
    """A kind of stream.

    Attributes:
        policy: The preset of the layered memory for it.
        layers: Names of the policy's layers for what passes, lasts a season, and lasts.
        days: Length.
        entities: How many things it is about.
        settled: Share of lasting statements that are made in the first tenth of it.
        passing: Statements of the day, on average, per day: noise, what passes, and sleepers.
        noise: Share of these that never matters.
        sleepers: Share of these that turns out to last.
        season: Statements per entity and 90 days that matter for a season.
        lasting: Statements per entity and year that matter for years.
        revised: Chance that a statement for a season or for good takes the place of one about the same.
        horizons: How long an item of each class matters.
        layer_told: Chance that the layer is told.
        layer_right: Chance that what is told is the layer for its class; a sleeper is told as what passes.
        importance_told: Chance that an importance is told.
        importances: Mean of what is told by class.
        spread: Its standard deviation.
        every: Days between two questions.
        prompted: Share of questions about an entity of which something of the day is in force.
        general: Share of questions about all of an entity; others are about one aspect of it.
        used: Chance that what is relevant to a question is used then, which feedback tells.
        misled: Chance that an expired item misleads then, which feedback tells.
        needed: Days between two further uses of a sleeper, on average.
    """

    policy: str
    layers: tuple[str, str, str]
    days: int = 540
    entities: int = 8
    settled: float = 0.4
    passing: float = 2.6
    noise: float = 0.45
    sleepers: float = 0.03
    season: float = 2.5
    lasting: float = 3.0
    revised: float = 0.5
    horizons: Mapping[Class, Span] = field(
        default_factory=lambda: {
            "noise": Span(0.01, 0.02),
            "passing": Span(0.5, 4),
            "season": Span(50, 110),
            "lasting": Span(400, 1_500),
            "sleeper": Span(90, 500),
        }
    )
    layer_told: float = 0.7
    layer_right: float = 0.9
    importance_told: float = 0.5
    importances: Mapping[Class, float] = field(
        default_factory=lambda: {
            "noise": 32.0,
            "passing": 40.0,
            "season": 60.0,
            "lasting": 78.0,
            "sleeper": 40.0,
        }
    )
    spread: float = 12.0
    every: float = 3.5
    prompted: float = 0.4
    general: float = 0.65
    used: float = 0.35
    misled: float = 0.01
    needed: float = 9.0


REGIMES: Mapping[str, Regime] = {
    "market": Regime(policy="finmem_fitted", layers=("shallow", "intermediate", "deep")),
    "support_desk": Regime(
        policy="support_desk",
        layers=("today", "release", "product"),
        passing=3.0,
        noise=0.35,
        horizons={
            "noise": Span(0.01, 0.02),
            "passing": Span(0.5, 5),
            "season": Span(25, 80),
            "lasting": Span(300, 1_500),
            "sleeper": Span(30, 200),
        },
        season=4.0,
        layer_told=0.6,
        importance_told=0.4,
        needed=6.0,
    ),
    "personal": Regime(
        policy="assistant",
        layers=("moment", "project", "life"),
        passing=2.4,
        noise=0.55,
        horizons={
            "noise": Span(0.01, 0.02),
            "passing": Span(0.3, 3),
            "season": Span(15, 70),
            "lasting": Span(300, 2_000),
            "sleeper": Span(60, 500),
        },
        season=3.0,
        lasting=4.0,
        layer_told=0.35,
        layer_right=0.85,
        importance_told=0.65,
        spread=15.0,
        used=0.25,
        needed=12.0,
    ),
}
"""Those that are measured, by name."""
DEVELOPMENT = tuple(range(1, 6))
"""Seeds of the streams on which presets and baselines were fitted."""
TEST = tuple(range(101, 111))
"""Seeds of the streams that nothing was fitted on."""

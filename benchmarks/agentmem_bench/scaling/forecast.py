"""On paper: what many records over many namespaces take, by the constants that were measured; nothing is run.

Activity over namespaces follows Zipf's law: the namespace of rank r is asked in proportion to r**-exponent.
Indexes in memory are a cache of those used last, whose hits are those of the approximation of Che, Tung
and Wang (IEEE JSAC 20(7), 2002): a namespace is in memory if it was asked within a time that is the same
for all, at which the cache is just full.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from agentmem.records import Value
from agentmem_bench.scaling.costs import Costs

DAY, HOUR, YEAR = 86_400.0, 3_600.0, 365 * 86_400.0
GB = 1e9
SHARES = (0.5, 0.9, 0.99)
"""Of recalls, that find their index in memory."""
BINS = 4_000
"""Ranks are told apart as finely, by their logarithm; the first ones one by one."""
STEPS = 60
"""Of a search by halves."""
HIGHEST_NUMBER = 2**63 - 1


class Load(Value):
    """What is asked of memory, and what there is to do it with; each is an assumption.

    Attributes:
        records: In all.
        namespaces: Over which they are spread evenly.
        exponent: Of Zipf's law of activity.
        days: In which the records come.
        recalls: For each write.
        peak: Times the mean rate, at which work must still be done at once.
        processes: That answer recalls, a core each.
        memory: Bytes for indexes, in all processes together: each is asked for namespaces of its own.
        disk: Bytes.
        window: Seconds for a copy, an upgrade or a scrub.
        patience: Seconds for what somebody waits for, such as a list of namespaces.
        banks: Over which namespaces are spread by the hash of the tenant; each has all of the above.
    """

    records: float = 1e9
    namespaces: float = 1e6
    exponent: float = 1.0
    days: float = 365.0
    recalls: float = 1.0
    peak: float = 10.0
    processes: int = 8
    memory: float = 64 * GB
    disk: float = 2_000 * GB
    window: float = 8 * HOUR
    patience: float = 2.0
    banks: int = 1

    @property
    def own(self) -> Load:
        """What is asked of one of the banks."""
        return self.scaled(1 / self.banks).model_copy(update={"banks": 1})

    def scaled(self, times: float) -> Load:
        """So many times the records and the namespaces, in the same days."""
        return self.model_copy(
            update={"records": self.records * times, "namespaces": max(1.0, self.namespaces * times)}
        )

    @property
    def each(self) -> float:
        """Records of a namespace."""
        return self.records / self.namespaces

    @property
    def writes(self) -> float:
        """A second, in the mean."""
        return self.records / (self.days * DAY)


class Limit(Value):
    """Something that ends.

    Attributes:
        name: What.
        unit: Of the two figures.
        needed: What the load needs.
        there: What there is.
        records: At how many records over as many namespaces, in proportion, it is reached.
    """

    name: str
    unit: str
    needed: float
    there: float
    records: float

    @property
    def times(self) -> float:
        """How often what there is would be needed."""
        return self.needed / self.there


class Forecast(Value):
    """What one bank takes; bytes, seconds, and rates a second.

    Attributes:
        disk: Bytes, by what they are.
        index_bytes: Of one namespace's index in memory.
        memory_for: Bytes of indexes for each of `SHARES` of recalls.
        hits: The share of recalls that find their index within the memory there is.
        recall: Seconds of a recall, its index open.
        opening: Seconds that one takes beyond that, whose index is not.
        recalls: A second, of all processes.
        writes: Asked a second, in the mean.
        days_to_append: For all records in bulk.
        days_to_embed: By one process.
        copy_: Seconds of a backup; none: not by agentmem.
        upgrade: Seconds of a copy and a rewrite.
        scrub: Seconds of a rewrite.
        listing: Seconds of a list of all namespaces.
    """

    disk: Mapping[str, float]
    index_bytes: float
    memory_for: Mapping[float, float]
    hits: float
    recall: float
    opening: float
    recalls: float
    writes: float
    days_to_append: float
    days_to_embed: float
    copy_: float | None
    upgrade: float
    scrub: float
    listing: float

    @property
    def bytes(self) -> float:
        """On disk."""
        return sum(self.disk.values())


def forecast(costs: Costs, load: Load) -> Forecast:
    """What each of the banks of `load` takes."""
    load = load.own
    disk = {
        "events, records and their indexes": costs.record_bytes * load.records,
        "vectors": costs.vector_bytes * load.records,
        "namespaces": costs.namespace_bytes * load.namespaces,
    }
    size = sum(disk.values())
    activity = Activity(load.namespaces, load.exponent)
    index = costs.index.at(load.each)
    recall, opening = costs.recall.at(load.each), costs.opening.at(load.each)
    hits = activity.hits(load.memory / index)
    copied = size / costs.copied if costs.copied else None
    return Forecast(
        disk=disk,
        index_bytes=index,
        memory_for={share: activity.held_for(share) * index for share in SHARES},
        hits=hits,
        recall=recall,
        opening=opening,
        recalls=load.processes / (recall + (1 - hits) * opening),
        writes=load.writes,
        days_to_append=load.records / costs.appended / DAY,
        days_to_embed=load.records / costs.embedded / DAY,
        copy_=copied,
        upgrade=(copied or 0.0) + size / costs.rewritten,
        scrub=size / costs.rewritten,
        listing=costs.listing * load.namespaces,
    )


def limits(costs: Costs, load: Load) -> list[Limit]:
    """What one bank of `load` ends at, the first to be reached first."""
    load = load.own
    found = []
    for name, (unit, figures) in _LIMITS.items():
        needed, there = figures(costs, load, forecast(costs, load))
        if needed:
            found.append(
                Limit(
                    name=name, unit=unit, needed=needed, there=there, records=_reached(costs, load, figures)
                )
            )
    return sorted(found, key=lambda one: one.records)


Figures = Callable[[Costs, Load, Forecast], tuple[float, float]]
_LIMITS: Mapping[str, tuple[str, Figures]] = {
    "disk": ("GB", lambda _, load, told: (told.bytes / GB, load.disk / GB)),
    "one writer, at the peak": (
        "writes/s",
        lambda costs, load, told: (load.peak * told.writes, costs.most_writes),
    ),
    "the embedder of one process, in the mean": (
        "texts/s",
        lambda costs, _, told: (told.writes, costs.embedded),
    ),
    "recalls, at the peak": (
        "recalls/s",
        lambda _, load, told: (load.peak * load.recalls * told.writes, told.recalls),
    ),
    "memory for nine recalls in ten": (
        "GB",
        lambda _, load, told: (told.memory_for[0.9] / GB, load.memory / GB),
    ),
    "a backup": ("h", lambda _, load, told: ((told.copy_ or 0.0) / HOUR, load.window / HOUR)),
    "an upgrade (copy and rewrite)": ("h", lambda _, load, told: (told.upgrade / HOUR, load.window / HOUR)),
    "a scrub (VACUUM)": ("h", lambda _, load, told: (told.scrub / HOUR, load.window / HOUR)),
    "a list of all namespaces": ("s", lambda _, load, told: (told.listing, load.patience)),
    "the counter of changes, a hundred years at the peak": (
        "numbers",
        lambda _, load, told: (100 * YEAR * load.peak * told.writes, float(HIGHEST_NUMBER)),
    ),
}


def _reached(costs: Costs, load: Load, figures: Figures) -> float:
    """At how many records a limit is reached, the namespaces in proportion."""

    def is_over(times: float) -> bool:
        asked = load.scaled(times)
        needed, there = figures(costs, asked, forecast(costs, asked))
        return needed > there

    low, high = -9.0, 9.0
    for _ in range(STEPS // 2):
        middle = (low + high) / 2
        low, high = (low, middle) if is_over(10**middle) else (middle, high)
    return load.records * 10**low


class Activity:
    """How often each of many namespaces is asked, by Zipf's law.

    Args:
        namespaces: How many.
        exponent: Of the law; 0: all alike.
    """

    def __init__(self, namespaces: float, exponent: float) -> None:
        self.namespaces = max(1, round(namespaces))
        edges = np.unique(np.round(np.geomspace(1, self.namespaces + 1, BINS)))
        self._counts: NDArray[np.float64] = np.diff(edges) if len(edges) > 1 else np.ones(1)
        starts = edges[: len(self._counts)]
        # Of a bin by the integral between the middles of its ends, which is close from the tenth rank on.
        low, high = starts - 0.5, starts + self._counts - 0.5
        masses = (
            np.log(high / low)
            if exponent == 1
            else (high ** (1 - exponent) - low ** (1 - exponent)) / (1 - exponent)
        )
        masses = np.where(self._counts == 1, starts**-exponent, masses)
        self._each = masses / masses.sum() / self._counts

    def held(self, time: float) -> float:
        """How many different ones are asked within so many recalls."""
        return float(self._counts @ -np.expm1(-self._each * time))

    def share(self, time: float) -> float:
        """The share of recalls whose namespace was asked within the so many before it."""
        return float((self._counts * self._each) @ -np.expm1(-self._each * time))

    def hits(self, held: float) -> float:
        """The share of recalls that find their namespace among `held` that were asked last."""
        if held >= self.namespaces:
            return 1.0
        return self.share(self._time(lambda time: self.held(time) > held))

    def held_for(self, share: float) -> float:
        """How many must be held for this share of recalls to find theirs."""
        return self.held(self._time(lambda time: self.share(time) > share))

    def _time(self, is_over: Callable[[float], bool]) -> float:
        low, high = -3.0, 30.0
        for _ in range(STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if is_over(10**middle) else (middle, high)
        return float(10**low)

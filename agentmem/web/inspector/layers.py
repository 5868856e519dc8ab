"""A layered memory: how many items stand where, over time, how long they last, the best of each layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import log
from typing import TYPE_CHECKING, cast

from agentmem.runs.web.curves import Mark
from agentmem.stores.layered.points import course_of
from agentmem.stores.layered.trajectory import Ladder
from agentmem.web.inspector.asked import Asked, fields
from agentmem.web.inspector.course import ranks_drawn
from agentmem.web.inspector.figures import Chart, Curve, Span, area, bars, colours_of, line, plot_of, stairs
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.rendering import short
from agentmem.web.inspector.subject import Subject, kinds_of

if TYPE_CHECKING:
    from agentmem.stores.layered.course import Survival
    from agentmem.stores.layered.policy import LayerPolicy
    from agentmem.stores.layered.store import LayeredMemory

MOMENTS = 16
"""Moments at which the items of all layers are counted."""
K = 5
LABEL = 60
AHEAD = 0.25
"""How far the chart looks ahead, of the time before."""
POINTS = 300
"""Falls of a survival curve that are drawn, about."""
PARTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where axes are marked, of their length."""
FEW_DAYS = 8
"""Up to so many days an axis tells tenths of days."""


def layers(subject: Subject, asked: Asked) -> str:
    """All layers at a moment."""
    ns = subject.known(asked.namespace)
    kinds = kinds_of(subject.bank, ns)
    memory = cast("LayeredMemory", kinds.store("layers", asked.text("store")))
    at = asked.moment("at") or subject.bank.view(ns, store=memory.shelf).now
    text = asked.text("q")
    found = memory.recall_layers(text, k=asked.whole("k", K, 1, 20), at=at, floor=False)
    hits = [hit for some in found.values() for hit in some]
    names = [*memory.policy.names, "faded"]
    drawn: dict[str, Chart | None] = {}
    for name, some in found.items():
        courses = [course_of(memory, hit.record) for hit in some]
        drawn[name] = ranks_drawn(courses, memory.policy, at, [short(hit.text, LABEL) for hit in some])
    return framed(
        "layers",
        subject,
        "Layers",
        ns,
        tab="layers",
        kinds=kinds,
        store=memory.shelf,
        given=fields(asked, ("q", "at", "k")),
        at=at,
        policy=memory.policy,
        rows=_rows(memory.population(at), memory.policy),
        names=names,
        found=found,
        drawn=drawn,
        stands={hit.id: memory.standing(hit.id, at) for hit in hits},
        bars={hit.id: bar for hit, bar in zip(hits, bars([hit.parts for hit in hits]), strict=True)},
        colours=colours_of([hit.parts for hit in hits]),
    )


def layers_over_time(subject: Subject, asked: Asked) -> str:
    """How many items stood in each layer, and how long they last: what takes a moment for many."""
    ns = subject.known(asked.namespace)
    kinds = kinds_of(subject.bank, ns)
    memory = cast("LayeredMemory", kinds.store("layers", asked.text("store")))
    at = asked.moment("at") or subject.bank.view(ns, store=memory.shelf).now
    names = [*memory.policy.names, "faded"]
    return framed(
        "layers_over_time",
        subject,
        "Layers over time",
        ns,
        tab="layers",
        kinds=kinds,
        store=memory.shelf,
        names=names,
        population=_population(memory, at, names),
        survival=_survival(memory.survival(at)),
    )


def _rows(population: Mapping[str, int], policy: LayerPolicy) -> list[list[str]]:
    """How many stand where, beside what the policy says of each layer."""
    floors = dict(zip(policy.names, Ladder(policy).floor.tolist(), strict=True))
    rows = [
        [
            layer.name,
            f"{population[layer.name]:,}",
            f"{layer.stability * log(2):.1f} days",
            f"{layer.retention:g}",
            "–" if layer.promote_at is None else f"{layer.promote_at:g}",
            f"{floors[layer.name]:g}" if floors[layer.name] > 0 else "–",
        ]
        for layer in policy.layers
    ]
    return [*rows, ["faded", f"{population['faded']:,}", "–", "–", "–", "–"]]


def _population(memory: LayeredMemory, at: datetime, names: Sequence[str]) -> Chart | None:
    """How many items stand in each layer from the first one on, and by themselves after the moment."""
    first = memory.select(order="oldest", limit=1)
    begun = first[0].time if first else None
    if begun is None or begun >= at:
        return None
    stop = at + max((at - begun) * AHEAD, timedelta(days=1))
    span = Span(begun, stop)
    moments = [begun + (stop - begun) * number / (MOMENTS - 1) for number in range(MOMENTS)]
    counts = [memory.population(one) for one in moments]
    shares = [span.share(one) for one in moments]
    total = [sum(one.values()) for one in counts]
    plot = plot_of([float(one) for one in total])
    low = [0.0] * len(counts)
    curves: list[Curve] = []
    for number, name in enumerate(names):
        high = [below + count.get(name, 0) for below, count in zip(low, counts, strict=True)]
        curves.append(Curve(name, area(plot, shares, low, high), number))
        low = high
    now = round(100 * span.share(at), 2)
    return Chart("items by layer", tuple(curves), tuple(plot.values_axis()), span.marks(), now)


def _survival(found: Mapping[str, Survival]) -> Chart | None:
    """Which share of the items of each layer lives on, by age."""
    shown = {name: one for name, one in found.items() if one.items}
    longest = max((one.days[-1] for one in shown.values() if one.days), default=0.0)
    if not longest:
        return None
    plot = plot_of([], 1.0)
    curves = []
    for number, (name, one) in enumerate(found.items()):
        if name in shown:
            told = f"{name}: {one.items:,} items, {one.faded:,} faded"
            curves.append(Curve(told, line(plot, stairs(_falls(one, longest))), number))
    form = "{:.0f} d" if longest > FEW_DAYS else "{:.1f} d"
    times = tuple(Mark(100 * part, form.format(longest * part)) for part in PARTS)
    values = tuple(Mark(plot.y(part), f"{part:.0%}") for part in PARTS)
    return Chart("share that lives longer", tuple(curves), values, times)


def _falls(curve: Survival, longest: float) -> list[tuple[float, float]]:
    """The points of a survival curve: ages as shares of the longest, and what share lives longer."""
    pairs = list(zip(curve.days, curve.share, strict=True))
    apart = max(1, len(pairs) // POINTS)
    falls = [(day / longest, share) for day, share in [*pairs[:-1:apart], *pairs[-1:]]]
    left = curve.share[-1] if curve.share else 1.0
    return [(0.0, 1.0), *falls, *([(1.0, left)] if left > 0 else [])]

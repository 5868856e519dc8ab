"""The comparison as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from agentmem_bench.compare.comparison import Comparison
from agentmem_bench.compare.figures import APART, Figure
from agentmem_bench.compare.measuring import (
    CORRECTION,
    LEAST_CHANGED,
    RESAMPLES,
    SIGNIFICANT,
    TEST,
    Difference,
)
from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from agentmem_bench.compare.leaves import Leaf

HEADS = ("n", "A", "B", "B − A (95%)", "p", "q", "rose", "fell", "equal")
DECIMALS, DECIMALS_OF_POINTS = 3, 1
POINTS = 10.0
"""Means from here on are told with fewer decimals."""


def show(found: Comparison, console: Console, *, every: bool) -> None:
    """Print all that a person wants to know.

    Args:
        found: What was compared.
        console: Where to.
        every: Show figures that hardly differ too.
    """
    for piece in _pieces(found, every=every):
        console.print(piece, markup=False)


def _pieces(found: Comparison, *, every: bool) -> Iterator[RenderableType]:
    yield f"{found.benchmark}. A: {found.a.file}; B: {found.b.file}."
    if found.made_otherwise:
        yield f"They were not made alike: {_otherwise(found)}."
    for caution in found.cautions:
        yield f"Caution: {caution}."
    if found.differences:
        yield _differences(found.differences)
        yield from _says(found.differences)
    if found.missing:
        yield f"In one of them alone, or without a unit in both: {', '.join(found.missing)}."
    if found.figures is not None:
        yield from _figures(found.figures, every=every)


def _otherwise(found: Comparison) -> str:
    return "; ".join(
        f"{name} {_said(one)} / {_said(other)}" for name, (one, other) in found.made_otherwise.items()
    )


def _said(value: Leaf) -> str:
    return "–" if value is None else str(value)


def _differences(differences: Sequence[Difference]) -> Table:
    shown = table("Paired differences over the units that both have", "measure", HEADS)
    for one in differences:
        shown.add_row(
            one.name,
            f"{one.n:,}",
            _value(one.a, one),
            _value(one.b, one),
            f"{_value(one.difference, one, '+')}{_interval(one)}",
            _p(one.p),
            _p(one.q),
            *(f"{count:,}" for count in (one.rose, one.fell, one.equal)),
        )
    several = f"; q: p corrected for {len(differences)} measures ({CORRECTION})" if differences[1:] else ""
    shown.caption = f"95%: bootstrap over units; p: {TEST}{several}"
    return shown


def _says(differences: Sequence[Difference]) -> Iterator[str]:
    significant = [one for one in differences if one.significant]
    for one in significant:
        low_high = f", 95%{_interval(one)}" if one.ci95 else ""
        yield (
            f"{one.name}: B is {'above' if one.difference > 0 else 'below'} A by "
            f"{_value(abs(one.difference), one)}{low_high}, q {_p(one.q)}; "
            f"of {one.n:,} units {one.rose:,} rose and {one.fell:,} fell."
        )
    if not any(one.changed for one in differences):
        yield "No unit changed in any measure."
    elif not significant:
        yield (
            f"No difference is significant at {SIGNIFICANT:.0%}. That does not make A and B the same: the "
            "intervals say how far apart they may be."
        )
    few = [one for one in differences if 0 < one.changed < LEAST_CHANGED]
    if few:
        yield (
            f"In {len(few)} of {len(differences)} measures fewer than {LEAST_CHANGED} units changed: too few "
            f"for any p under {SIGNIFICANT:.0%}."
        )


def _figures(figures: Sequence[Figure], *, every: bool) -> Iterator[RenderableType]:
    yield (
        "Single figures side by side. Each was measured once in either run, which gives no test: on another "
        "day, or on a busy machine, they differ too."
    )
    shown = [one for one in figures if every or one.apart]
    for group, some in groupby(shown, lambda one: one.path[0] if len(one.path) > 1 else ""):
        made = table(group, "figure", ("A", "B", "B / A"))
        for one in some:
            ratio = "–" if one.ratio is None else f"{one.ratio:.2f}"
            made.add_row(" › ".join(one.path[bool(group) :]), f"{one.a:,.6g}", f"{one.b:,.6g}", ratio)
        yield made
    if hidden := len(figures) - len(shown):
        yield f"{hidden:,} of {len(figures):,} figures differ by {APART:.0%} at most; --all shows them too."


def _value(value: float, of: Difference, sign: str = "") -> str:
    decimals = DECIMALS_OF_POINTS if max(abs(of.a), abs(of.b)) >= POINTS else DECIMALS
    return f"{value:{sign}z.{decimals}f}"


def _interval(of: Difference) -> str:
    if of.ci95 is None:
        return ""
    low, high = of.ci95
    return f" ({_value(low, of, '+')} {_value(high, of, '+')})"


def _p(value: float) -> str:
    least = 2 / (RESAMPLES + 1)
    return f"{value:.4f}" if value < 10 * least else f"{value:.3f}"

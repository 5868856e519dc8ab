"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agentmem_bench.layered import market_report
from agentmem_bench.layered.scores import BANDS
from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

MEGABYTE = 1_000_000
RECALL_MS, ADVANCE_MS, MEMORY_MB = 150, 50, 1_600
"""What is aimed at with a million items."""


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    if result.get("data", {}).get("sorted"):
        yield f"{result['data']['sorted']} lines did not stand in time order, and were sorted"
    main = str(result["main_k"])
    for name, told in result.get("streams", {}).items():
        yield _compared(name, told, result)
        yield _ages(name, told, main)
        yield verdict(name, told, result)
    for name, told in result.get("ablations", {}).items():
        yield _ablated(name, told, main)
    if "scale" in result:
        yield scale_table(result["scale"])
    if "market" in result:
        yield from market_report.pieces(result["market"])
    if left := result.get("not_measured"):
        yield f"Not measured: {', '.join(left)}; --part {left[0]} does."


def _compared(name: str, told: dict[str, Any], result: dict[str, Any]) -> Table:
    main = str(result["main_k"])
    others = [str(k) for k in result["k"] if str(k) != main]
    several = f"{told['streams']} streams" if told["streams"] > 1 else "1 stream"
    title = (
        f"{name}: {several}, {told['items']:,} items, {told['queries']:,} queries with "
        f"{told['relevant_per_query']:.1f} relevant items each; k = {main}"
    )
    heads = ("precision", "recall", "F1 (95%)", *(f"F1@{k}" for k in others))
    shown = table(title, "memory", (*heads, "expired of recalled", "of expired", "recalled"))
    for memory, found in by_f1(told, main):
        at = found[main]
        policy = told["policies"].get(memory)
        shown.add_row(
            f"{memory} ({policy})" if policy and policy not in memory else memory,
            f"{at['precision']:.3f}",
            f"{at['recall']:.3f}",
            _f1(at),
            *(f"{found[k]['f1']:.3f}" for k in others),
            f"{at['expired_share']:.1%}",
            f"{at['expired_recalled']:.1%}",
            f"{at['returned']:.1f}",
        )
    shown.caption = "nothing is recalled of later than its query; no floor; a memory may recall fewer than k"
    return shown


def f1_table(streams: dict[str, Any], main: str) -> Table:
    """F1 of each memory by regime, those of the first regime first."""
    shown = table(f"F1 at k = {main} (95%)", "memory", list(streams))
    names = dict.fromkeys(memory for told in streams.values() for memory, _ in by_f1(told, main))
    for memory in names:
        found = (told["memories"].get(memory) for told in streams.values())
        shown.add_row(memory, *("" if one is None else _f1(one[main]) for one in found))
    return shown


def _f1(at: dict[str, Any]) -> str:
    low_high = at["f1_ci95"]
    return f"{at['f1']:.3f} ({low_high[0]:.2f} {low_high[1]:.2f})" if low_high else f"{at['f1']:.3f}"


def by_f1(told: dict[str, Any], main: str) -> list[tuple[str, dict[str, Any]]]:
    """Each memory with its figures by k, the best first."""
    return sorted(told["memories"].items(), key=lambda one: -one[1][main]["f1"])


def _ages(name: str, told: dict[str, Any], main: str) -> Table:
    counts = told["memories"][told["compared"]][main]["by_age"]
    heads = [f"{band} ({counts[band]['relevant']:,})" for band in BANDS]
    title = f"{name}: F1 at {main} by age of the items, all queries together (so many relevant ones)"
    shown = table(title, "memory", heads)
    for memory, found in by_f1(told, main):
        cells = (found[main]["by_age"][band]["f1"] for band in BANDS)
        shown.add_row(memory, *("-" if cell is None else f"{cell:.3f}" for cell in cells))
    return shown


def verdict(name: str, told: dict[str, Any], result: dict[str, Any]) -> str:
    """Whether layered memory is as far above the others as it should be."""
    above = told["above"]
    interval = f" ({above['ci95'][0]:+.3f} {above['ci95'][1]:+.3f})" if above["ci95"] else ""
    reached = "reached" if above["reached"] else "not reached"
    said = (
        f"{name}: F1 of {told['compared']} above {told['best_other']}, the best of the others: "
        f"{above['f1']:+.3f}{interval}; the aim of {above['aim']:+.2f} is {reached}."
    )
    if "seeds" in result:
        seeds = result["seeds"]
        said += (
            f" Seeds {seeds[seeds['split']][0]} to {seeds[seeds['split']][-1]} ({seeds['split']}); presets "
            f"and baselines were fitted on {seeds['development'][0]} to {seeds['development'][-1]}."
        )
    return f"{said}\n"


def _ablated(name: str, told: dict[str, Any], main: str) -> Table:
    title = f"{name}: {told['policy']} without a part, {told['streams']} streams, k = {main}"
    heads = ("precision", "recall", "F1", "change (95%)", "expired of recalled", "recalled")
    shown = table(title, "without", heads)
    for part, found in told["without"].items():
        at, change = found[main], found["change"]
        interval = f" ({change['ci95'][0]:+.2f} {change['ci95'][1]:+.2f})" if change["ci95"] else ""
        shown.add_row(
            part,
            *(f"{at[metric]:.3f}" for metric in ("precision", "recall", "f1")),
            "-" if part == "nothing" else f"{change['f1']:+.3f}{interval}",
            f"{at['expired_share']:.1%}",
            f"{at['returned']:.1f}",
        )
    return shown


def scale_table(told: dict[str, Any]) -> Table:
    """What time and memory it takes by the number of items."""
    title = (
        f"Growth: items over {told['years']} years, policy {told['policy']}; the last "
        f"{told['measured_days']} days are lived through in a fresh process"
    )
    rows = told["rows"]
    shown = table(title, "", [f"{row['items']:,}" for row in rows])
    for head, name in (
        (f"recall by layers, ms p50 above embedding (aim {RECALL_MS})", "recall_ms"),
        ("the same as of five years before", "recall_past_ms"),
        ("the same with what has faded", "recall_faded_ms"),
        ("the same after a day's writes", "recall_after_day_ms"),
        (f"a day's advance, ms p50 (aim {ADVANCE_MS})", "advance_ms"),
        ("an advance with nothing due, ms p50", "advance_idle_ms"),
    ):
        shown.add_row(head, *(f"{row[name]['p50']:.1f}" for row in rows))
    for head, name in (
        ("items of a day", "day_items"),
        ("items appended a second, in bulk", "append_per_s"),
        ("items observed a second, a day at once", "observe_per_s"),
    ):
        shown.add_row(head, *(f"{row[name]:,}" for row in rows))
    for head, name in (
        (f"MB of memory above the embedder (aim {MEMORY_MB:,})", "memory_bytes"),
        ("MB of memory at the peak", "memory_peak_bytes"),
        ("MB on disk", "disk_bytes"),
    ):
        shown.add_row(head, *(f"{row[name] / MEGABYTE:,.0f}" for row in rows))
    for head, name in (
        ("opening and first recall, s", "first_recall_s"),
        ("filling, s", "fill_s"),
        ("of it advancing each week, s", "weekly_advance_s"),
    ):
        shown.add_row(head, *(f"{row[name]:.1f}" for row in rows))
    live = (sum(count for name, count in row["population"].items() if name != "faded") for row in rows)
    shown.add_row("items that have not faded", *(f"{count:,}" for count in live))
    return shown

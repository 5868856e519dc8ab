"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from agentmem_bench.scores import MAIN_RECALL
from agentmem_bench.tables import table
from agentmem_bench.transfer import report as transfer_report

AIMS = {"write_ms": 20, "selection_ms": 50, "selection_after_a_write_ms": None}
"""Milliseconds to reach , above embedding, by figure."""

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    for name, told in result.get("select", {}).items():
        yield _selectors(name, told, result["tail"])
        if told["full_above"]:
            yield _above(name, told["full_above"])
        yield _origin(told, result)
    if "transfer" in result:
        yield from transfer_report.tables(result["transfer"])
    if "growth" in result:
        yield _growth(result["growth"])
    if "pace" in result:
        yield _pace(result["pace"])
    if "model" in result:
        yield _oracle(result["model"])


def _growth(told: dict[str, Any]) -> Table:
    heads = ("entries", "tokens", "duplicates", "entries", "tokens", "duplicates", "prompt tokens")
    shown = table("A memory over the stream of solved problems: with reuse, and blindly", "problems", heads)
    for row in told["rows"]:
        cells = (
            row[name]
            for name in (
                *("entries", "tokens", "duplicates", "entries_blind", "tokens_blind", "duplicates_blind"),
                "read_tokens",
            )
        )
        shown.add_row(str(row["problems"]), *(f"{cell:,}" for cell in cells))
    shown.caption = f"what is shown before a problem has a budget of {told['budget']:,} tokens"
    return shown


def _oracle(told: dict[str, Any]) -> Table:
    columns = [(one["k"], one["depth"]) for one in told["rows"][0]["oracle"]]
    heads = [f"oracle@{k}{f', {depth} retries' if depth else ''}" for k, depth in columns]
    title = f"{told['model']} on {told['tasks']}, share of tasks solved"
    shown = table(title, "memory", (*heads, "tokens read", "written", "failed"))
    for row in told["rows"]:
        counts = (row[name] for name in ("prompt_tokens", "completion_tokens", "failed"))
        shares = (f"{one['share']:.1%}" for one in row["oracle"])
        shown.add_row(row["memory"], *shares, *(f"{count:,}" for count in counts))
    return shown


def _pace(told: dict[str, Any]) -> Table:
    title = f"{told['concepts']:,} concepts, {told['problems']:,} problems: milliseconds above embedding"
    shown = table(title, "", ("p50", "p95"))
    for name, aim in AIMS.items():
        said = f"{name.removesuffix('_ms').replace('_', ' ')}{f' (aim {aim})' if aim else ''}"
        shown.add_row(said, *(f"{told[name][one]:.1f}" for one in ("p50", "p95")))
    shown.caption = (
        f"filled in {told['fill_seconds']:.0f} s; the first selection, which finds the weights, "
        f"took {told['first_selection_seconds']:.1f} s; the sandbox runs "
        f"{told['sandbox_programs_per_second']:.0f} programs a second (aim 20)"
    )
    return shown


def _selectors(name: str, told: dict[str, Any], tail: int) -> Table:
    sets = told["data_sets"]
    size = f"{sets[0]['problems']} problems and {sets[0]['concepts']} concepts"
    several = f", {len(sets)} data sets" if len(sets) > 1 else ""
    title = (
        f"{name}: {told['questions']} questions{several}, each of about {size}"
        if several
        else f"{name}: {told['questions']} questions, {size}"
    )
    metrics = [
        metric
        for metric in next(iter(told["selectors"].values()))["all"]
        if metric != "questions" and not metric.endswith("_ci95")
    ]
    recalls = [metric for metric in metrics if metric.startswith("recall")]
    short = {metric: metric.replace("recall", "r") for metric in metrics}
    heads = (
        *(f"{short[metric]}{' (95%)' if metric == MAIN_RECALL else ''}" for metric in metrics),
        *(f"tail {short[metric]}" for metric in recalls),
        "lift",
        "hubness",
    )
    shown = table(f"{title}; tail: up to {tail} uses", "selector", heads)
    for selector, found in told["selectors"].items():
        cells = [f"{found['all'][metric]:.3f}" for metric in metrics]
        low, high = found["all"][f"{MAIN_RECALL}_ci95"]
        cells[metrics.index(MAIN_RECALL)] += f" ({low:.2f} {high:.2f})"
        cells += [f"{found['tail'][metric]:.3f}" if found["tail"] else "-" for metric in recalls]
        lift = f"{found['lift'][MAIN_RECALL]:+.3f}" if "lift" in found else "-"
        shown.add_row(selector, *cells, lift, f"{found['hubness']:.3f}")
    return shown


def recall_table(select: dict[str, Any], selectors: Sequence[str]) -> Table:
    """Main recall of `selectors` by data set, on all concepts and on the tail."""
    title = f"{MAIN_RECALL} by data set, and of full above the best single signal"
    shown = table(title, "data", (*selectors, "full above the best of them"))
    for name, told in select.items():
        for part in ("all", "tail"):
            found = {one: told["selectors"][one][part] for one in selectors}
            best = max(
                told["full_above"],
                key=lambda one, part=part: (told["selectors"][one][part] or {}).get(MAIN_RECALL, 0.0),  # type: ignore[misc]
            )
            shown.add_row(
                f"{name}, {told['questions']} questions" if part == "all" else f"{name}, tail",
                *("-" if one is None else f"{one[MAIN_RECALL]:.3f}" for one in found.values()),
                f"{best} {_interval(told['full_above'][best][part])}",
            )
    return shown


def _above(name: str, above: dict[str, Any]) -> Table:
    shown = table(
        f"{name}: {MAIN_RECALL} of full above single signals, 95% paired interval", "signal", ("all", "tail")
    )
    for signal, found in above.items():
        shown.add_row(signal, _interval(found["all"]), _interval(found["tail"]))
    return shown


def _interval(found: dict[str, Any] | None) -> str:
    if found is None:
        return "-"
    low, high = found["ci95"]
    return f"{found[MAIN_RECALL]:+.3f} ({low:+.3f} {high:+.3f})"


def _origin(told: dict[str, Any], result: dict[str, Any]) -> str:
    weights = told["weights"]
    if not weights["problems"]:
        return f"{told['seconds']:.0f} s."
    sources = ", ".join(f"{source} {count}" for source, count in weights["from"].items())
    low, high = min(weights["problems"]), max(weights["problems"])
    common = {name: weight for name, weight in weights["common"].items() if weight}
    best = sorted(common, key=lambda name: -abs(common[name]))[:6]
    said = ", ".join(f"{name} {common[name]:.2f}/{weights['rare'].get(name, 0.0):.2f}" for name in best)
    return (
        f"Weights of full, found without the question's tenth of the problems ({sources}), on {low} "
        f"to {high} problems; means for common/rare concepts: {said}. {told['seconds']:.0f} s; embedder "
        f"{result['embedder']}."
    )

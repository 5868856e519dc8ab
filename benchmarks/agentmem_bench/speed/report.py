"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agentmem_bench.speed.figures import MB
from agentmem_bench.speed.recall import STAGES
from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

NONE = "-"


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    yield (
        "Texts and vectors are synthetic, made from the shipped chat and questions, but for ingest and shell "
        f"({result['embedder']}). Times hold for a machine that does nothing else."
    )
    for name, piece in _PARTS.items():
        if name in result:
            yield from piece(result)
    if result["figures"]:
        yield figures_table(result["figures"])
        missed = [figure["figure"] for figure in result["figures"] if not figure["reached"]]
        yield f"Not reached: {'; '.join(missed)}." if missed else "All of them are reached."
    took = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in result["seconds"].items())
    yield f"It took: {took}."


def figures_table(figures: Iterable[Mapping[str, Any]]) -> Table:
    """The figures to reach."""
    heads = ("measured", "target", "reached", "limit", "is", "× limit")
    shown = table("Figures to reach, and the limit beside each", "figure", heads)
    for figure in figures:
        bound = "≥" if figure["at"] == "least" else "≤"
        shown.add_row(
            figure["figure"],
            _with(figure["value"], figure["unit"]),
            f"{bound} {_with(figure['target'], figure['unit'])}",
            "yes" if figure["reached"] else "NO",
            figure["limit"] or NONE,
            NONE if figure["limit_value"] is None else _with(figure["limit_value"], figure["unit"]),
            NONE if figure["ratio"] is None else f"{figure['ratio']:.2f}",
        )
    return shown


def _with(value: float, unit: str) -> str:
    return f"{_short(value)} {unit}".strip()


def _short(value: float) -> str:
    """Three digits or more that say something."""
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3  # noqa: PLR2004
    return f"{value:,.{places}f}"


def _recall(result: dict[str, Any]) -> Iterator[RenderableType]:
    heads: Sequence[str] = ("p50", "p95", "p99", *STAGES, "rest", "embed", "dense alone")
    shown = table(
        "Recall, ms above embedding; its stages, the embedding and a dense recall: p50", "records", heads
    )
    for size, told in result["recall"].items():
        stages = [told["stages_ms"][name]["p50"] for name in (*STAGES, "rest", "embed")]
        cells = [told["ms"][name] for name in ("p50", "p95", "p99")]
        shown.add_row(_count(size), *map(_short, [*cells, *stages, told["dense_alone_ms"]["p50"]]))
    yield shown
    nothing = sum(told["nothing"] for told in result["recall"].values())
    asked = sum(told["questions"] for told in result["recall"].values())
    yield f"Answered with nothing, by the floor: {nothing} of {asked} questions."
    heads = ("open + first recall", "from disk", "imports", "bare SQLite reads all")
    cold = table("Cold in a fresh process, s", "records", heads)
    heads = ("on disk", "texts + vectors", "memory", "at its peak", "appends/s", "vectors/s")
    size = table("MB on disk and of memory above the embedder; filling, synthetic vectors", "records", heads)
    for records, told in result["recall"].items():
        seconds = told["cold"]
        names = ("s", "from_disk_s", "imports_s", "sqlite_reads_all_s")
        cold.add_row(
            _count(records), *(NONE if seconds[name] is None else _short(seconds[name]) for name in names)
        )
        disk, memory = told["disk"], told["memory"]
        own = (
            disk["bytes"],
            disk["text_bytes"] + disk["vector_bytes"],
            max(memory["above_bytes"], memory["end_above_bytes"]),
            memory["peak_above_bytes"],
        )
        fill = (told["fill"]["append_per_s"], told["fill"]["embed_per_s"])
        size.add_row(_count(records), *(_short(value / MB) for value in own), *map(_short, fill))
    yield cold
    yield size


def _write(result: dict[str, Any]) -> Iterator[RenderableType]:
    told = result["write"]
    names = {
        "agentmem": "agentmem, observe",
        "same_rows": "bare SQLite, the same rows and indexes",
        "one_row": "bare SQLite, one row of the same bytes",
        "fsync": "4 KiB and fsync",
    }
    title = f"Single durable writes, {told['bytes']} bytes each, taking turns, ms"
    shown = table(title, "", ("p50", "p99", "agentmem is ×"))
    own = told["ms"]["agentmem"]["p50"]
    for name, title in names.items():
        ms = told["ms"][name]
        shown.add_row(title, _short(ms["p50"]), _short(ms["p99"]), f"{own / ms['p50']:.1f}")
    yield shown
    together = told["together"]
    yield f"{together['threads']} threads writing at once: {together['per_s']:,.0f} durable writes a second."


def _ingest(result: dict[str, Any]) -> Iterator[RenderableType]:
    told = result["ingest"]
    yield (
        f"Bulk ingest of {told['texts']:,} texts with {told['embedder']}: {told['per_s']:.1f} texts/s, "
        f"durable; the embedder alone, same texts and batches: {told['embedder_per_s']:.1f}; "
        f"ratio {told['ratio']:.3f}."
    )


def _accuracy(result: dict[str, Any]) -> Iterator[RenderableType]:
    sizes = result["accuracy"]
    heads = [f"{_count(size)} vectors" for size in sizes]
    shown = table("Vector index against brute force: recall@10, ms p50 of one search", "", heads)
    for name in next(iter(sizes.values()))["cases"]:
        at = [told["cases"][name] for told in sizes.values()]
        shown.add_row(
            name.replace("_", " "), *(f"{one['recall']:.4f} {_short(one['ms']['p50']):>7}" for one in at)
        )
    yield shown


def _peers(result: dict[str, Any]) -> Iterator[RenderableType]:
    told = result["peers"]
    sizes = result["data"]["sizes"]
    columns: dict[str, Callable[[dict[str, Any]], str]] = {
        "ms p50 of a top-10 search (recall@10)": _search,
        "added a second": lambda at: _short(at["add_per_s"]),
        "memory, MB": lambda at: _short(at["above_bytes"] / MB),
    }
    for title, cell in columns.items():
        shown = table(f"Other stores and limits: {title}", "", [_count(size) for size in sizes])
        if cell is _search and "recall" in result:
            for name, of in {"agentmem, all parts": "ms", "agentmem, dense alone": "dense_alone_ms"}.items():
                shown.add_row(name, *(_short(result["recall"][str(size)][of]["p50"]) for size in sizes))
        for name, store in told["stores"].items():
            at = [store["sizes"][str(size)] for size in sizes]
            cells = [NONE if "left_out" in one else cell(one) for one in at]
            shown.add_row(f"{name} {store['version'] or ''}", *cells)
        yield shown
    for name, store in told["stores"].items():
        for size, at in store["sizes"].items():
            if "left_out" in at:
                yield f"{name} left out of {_count(size)}: {at['left_out']}."


def _search(at: dict[str, Any]) -> str:
    recall = "" if at["recall"] is None else f" ({at['recall']:.3f})"
    return f"{_short(at['ms']['p50'])}{recall}"


def _namespaces(result: dict[str, Any]) -> Iterator[RenderableType]:
    told = result["namespaces"]
    title = f"{told['namespaces']:,} namespaces of {told['records_each']}: recall in {told['visited']:,}, ms"
    shown = table(title, "visit", ("p50", "p95", "p99"))
    for name in ("first", "again"):
        shown.add_row(name, *(_short(told[f"{name}_ms"][percentile]) for percentile in ("p50", "p95", "p99")))
    yield shown
    memory, fill = told["memory"], told["fill"]
    yield (
        f"Memory above the embedder after the visits: {_short(memory['above_bytes'] / MB)} MB. "
        f"One recall over all of them: {_short(told['prefix_first_s'])} s, again "
        f"{_short(told['prefix_again_s'])} s; memory then {_short(memory['prefix_above_bytes'] / MB)} MB. "
        f"On disk: {_short(told['disk_bytes'] / MB)} MB. Filled at {fill['append_per_s']:,.0f} appends and "
        f"{fill['embed_per_s']:,.0f} vectors a second."
    )


def _shell(result: dict[str, Any]) -> Iterator[RenderableType]:
    told = result["shell"]
    yield (
        f"agentmem recall QUESTION in the shell over {told['records']:,} records: {told['s']:.2f} s, "
        f"the median of {len(told['runs_s'])}; Python alone {told['python_s']:.2f} s, with the embedder and "
        f"one embedding {told['python_and_embedder_s']:.2f} s."
    )


def _count(size: int | str) -> str:
    return f"{int(size):,}"


_PARTS: Mapping[str, Callable[[dict[str, Any]], Iterator[RenderableType]]] = {
    "recall": _recall,
    "write": _write,
    "ingest": _ingest,
    "accuracy": _accuracy,
    "peers": _peers,
    "namespaces": _namespaces,
    "shell": _shell,
}

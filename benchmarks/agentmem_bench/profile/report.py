"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agentmem_bench.profile.result import NOTHING
from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

EMBEDDED = "llama"
SMOKE = (
    "The embedded model has 135 million parameters. This is a smoke run: it shows that the reader works, and "
    "says nothing about models that one would use."
)
CHOSEN = (
    "No note tells on which sentences NEAR and CLEAR were chosen; they are as old as the check sentences, "
    "and may have been chosen with these in sight. No held-out sentence had a part in it."
)


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    for split, told in result["splits"].items():
        yield _rates(split, told)
        yield _rest(result, told)
        yield _confusion(split, told["confusion"])
    if "thresholds" in result:
        yield _thresholds(result["thresholds"], list(result["splits"]))
        yield CHOSEN
    if str(result.get("model", "")).partition(":")[0] == EMBEDDED:
        yield SMOKE


def _rates(split: str, told: dict[str, Any]) -> Table:
    shown = table(
        f"{split}: {told['about']} sentences about an aspect, {told['other']} about none",
        "aspect",
        ("sentences", "found", "precision", "95% interval", "recall", "95% interval"),
    )
    for aspect, one in told["aspects"].items():
        counts = (str(one["sentences"]), str(one["found"]))
        shown.add_row(aspect, *counts, _figure(one["precision"]), "", _figure(one["recall"]), "")
    for kind in ("micro", "macro"):
        one = told[kind]
        cells = [
            cell
            for rate in ("precision", "recall")
            for cell in (_figure(one[rate]), _interval(one[f"{rate}_ci95"]))
        ]
        shown.add_row(kind, "", "", *cells)
    return shown


def micro_table(splits: dict[str, Any]) -> Table:
    """All findings together, by split."""
    heads = ("about an aspect", "about none", "precision", "recall", "left alone")
    shown = table("Sentences by split", "split", heads)
    for split, told in splits.items():
        rates = (
            f"{_figure(told['micro'][rate])} {_interval(told['micro'][f'{rate}_ci95'])}"
            for rate in ("precision", "recall")
        )
        shown.add_row(split, str(told["about"]), str(told["other"]), *rates, _figure(told["left_alone"]))
    return shown


def _rest(result: dict[str, Any], told: dict[str, Any]) -> str:
    """What the table does not tell of a split."""
    parts = []
    if told["left_alone"] is not None:
        parts.append(f"Left alone of those about none: {told['left_alone']:.3f}.")
    if "unread" in told:
        own = told["own"]
        parts.append(
            f'Near to no aspect, and kept as facts by an "I" or "my": {own["about"]} of those about an '
            f"aspect, {own['other']} of those about none."
        )
        parts.append(f"Not read, as questions or scraps, of those about an aspect: {told['unread']}.")
        parts.append(f"Their median cosine to the nearest exemplar: {_figure(told['nearest_median'])}.")
    if "values" in told:
        values = told["values"]
        parts.append(
            f"Right value, of {values['found']} sentences whose aspect was found: "
            f"{_figure(values['accuracy'])}. "
            f"{result['model']} gave nothing that can be used for {told['failed']} of {told['sentences']}."
        )
    return " ".join(parts) + "\n"


def _confusion(split: str, counts: dict[str, dict[str, int]]) -> Table:
    columns = list(next(iter(counts.values())))
    shown = table(f"{split}: what sentences were taken for", "about", columns)
    for true, found in counts.items():
        shown.add_row(true, *(str(found[name] or ".") for name in columns))
    shown.caption = f"{NOTHING}: no aspect was found"
    return shown


def _thresholds(told: dict[str, Any], splits: list[str]) -> Table:
    heads = [f"{split}: {rate}" for split in splits for rate in ("precision", "recall")]
    shown = table("Other thresholds, micro averages", "NEAR", ("CLEAR", *heads))
    for row in told["tried"]:
        holds = (row["near"], row["clear"]) == (told["near"], told["clear"])
        cells = [_figure(row["splits"][split][rate]) for split in splits for rate in ("precision", "recall")]
        shown.add_row(f"{row['near']:.2f}", f"{row['clear']:.2f}", *cells, style="bold" if holds else None)
    shown.caption = f"NEAR {told['near']:.2f}, CLEAR {told['clear']:.2f} hold"
    return shown


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _interval(pair: list[float] | None) -> str:
    return "" if pair is None else f"({pair[0]:.3f} {pair[1]:.3f})"

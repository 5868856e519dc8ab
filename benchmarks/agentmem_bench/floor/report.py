"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

ERRORS = ("false nothing", "false answer")


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    data = result["data"]
    sizes = ", ".join(map(str, data["memories"]))
    yield (
        f"{data['answerable']} answerable and {data['unanswerable']} unanswerable questions, each asked of "
        f"memories of {sizes} turns. A fitted floor is the highest that leaves at most "
        f"{result['allowed_false_nothing']:.0%} of the answerable ones without an answer; it is "
        "floor + floor_growth × log10(records)."
    )
    yield _grid(result["grid"])
    yield _by_size(result)
    yield _trades(result)
    yield f"The policy as it stands: {floor_line(result['policy'])}."
    yield f"The best of the grid: {floor_line(result['best'])}."
    if "check" in result:
        check = result["check"]
        yield (
            f"On {check['questions']} answerable questions of {check['file']}, never fitted on, nothing is "
            f"answered to {check['nothing_by_policy']:.1%} by the policy, "
            f"to {check['nothing_by_best']:.1%} by the best of the grid."
        )


def _grid(grid: list[dict[str, Any]]) -> Table:
    """The best growth for each weight, and none."""
    heads = ("floor_growth", "floor", *ERRORS, "held out: false nothing", "false answer", "AUC")
    shown = table(
        "Floors by weight of the cosine: constant, and with the growth that separates best",
        "floor_cosine",
        heads,
    )
    for weight in dict.fromkeys(entry["floor_cosine"] for entry in grid):
        entries = [entry for entry in grid if entry["floor_cosine"] == weight]
        constant = [entry for entry in entries if entry["floor_growth"] == 0]
        for entry in (*constant, max(entries, key=lambda entry: entry["auc"])):
            held_out = entry["held_out"]
            shown.add_row(
                f"{weight:g}",
                f"{entry['floor_growth']:g}",
                f"{entry['floor']:.3f}",
                *_errors(entry),
                *_errors(held_out),
                f"{entry['auc']:.3f}",
            )
    return shown


def _by_size(result: dict[str, Any]) -> Table:
    policy, best = result["policy"]["by_size"], result["best"]["by_size"]
    heads = (*(f"policy: {name}" for name in ERRORS), *(f"best: {name}" for name in ERRORS))
    shown = table("By size of the memory", "turns", heads)
    for size in policy:
        shown.add_row(size, *_errors(policy[size]), *_errors(best[size]))
    return shown


def _trades(result: dict[str, Any]) -> Table:
    best = result["best"]
    shown = table(
        f"Other floors, cosine at {best['floor_cosine']:g}, growth {best['floor_growth']:g}", "floor", ERRORS
    )
    for entry in result["trades"]:
        shown.add_row(f"{entry['floor']:.3f}", *_errors(entry))
    return shown


def _errors(entry: dict[str, float]) -> tuple[str, str]:
    return f"{entry['false_nothing']:.1%}", f"{entry['false_answer']:.1%}"


def floor_line(entry: dict[str, Any]) -> str:
    """A floor and its two errors."""
    nothing, answer = _errors(entry)
    return (
        f"floor {entry['floor']:.3f}, growth {entry['floor_growth']:g}, cosine at {entry['floor_cosine']:g}: "
        f"nothing to {nothing} of the answerable, an answer to {answer} of the unanswerable"
    )

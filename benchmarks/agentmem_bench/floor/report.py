"""The result as a table and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    from agentmem_bench.tables import table

    data, policy, best = result["data"], result["policy"], result["best"]
    yield (
        f"{data['answerable']} answerable and {data['unanswerable']} unanswerable questions about "
        f"{data['turns']} turns. A floor is the highest that leaves at most "
        f"{result['allowed_false_nothing']:.0%} of the answerable ones without an answer."
    )
    columns = ("floor", "false nothing", "false answer", "held out: false nothing", "false answer", "AUC")
    grid = table("Floors by weight of the cosine", "floor_cosine", columns)
    for entry in result["grid"]:
        held_out = entry["held_out"]
        grid.add_row(
            f"{entry['floor_cosine']:g}",
            f"{entry['floor']:.3f}",
            f"{entry['false_nothing']:.1%}",
            f"{entry['false_answer']:.1%}",
            f"{held_out['false_nothing']:.1%}",
            f"{held_out['false_answer']:.1%}",
            f"{entry['auc']:.3f}",
        )
    yield grid
    trades = table(
        f"Other floors with the cosine at {policy['floor_cosine']:g}",
        "floor",
        ("false nothing", "false answer"),
    )
    for entry in result["trades"]:
        trades.add_row(
            f"{entry['floor']:.3f}", f"{entry['false_nothing']:.1%}", f"{entry['false_answer']:.1%}"
        )
    yield trades
    yield f"The policy as it stands: {_policy(policy)}."
    yield f"The best of the grid: {_policy(best)}."
    if "check" in result:
        check = result["check"]
        yield (
            f"On {check['questions']} answerable questions of {check['file']}, never fitted on, nothing is "
            f"answered to {check['nothing_by_policy']:.1%} by the policy, "
            f"to {check['nothing_by_best']:.1%} by the best of the grid."
        )


def _policy(entry: dict[str, Any]) -> str:
    return (
        f"floor {entry['floor']:.3f}, cosine at {entry['floor_cosine']:g}: nothing to "
        f"{entry['false_nothing']:.1%} of the answerable, an answer to {entry['false_answer']:.1%} of the "
        "unanswerable"
    )

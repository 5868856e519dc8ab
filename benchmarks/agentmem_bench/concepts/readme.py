"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.concepts.report import AIMS, recall_table
from agentmem_bench.scores import MAIN_RECALL
from agentmem_bench.tables import markdown, paragraph

SELECTORS = ("popularity", "bm25", "embedding", "vote", "fused", "full")


def block(result: Mapping[str, Any], pace: Mapping[str, Any]) -> str:
    """Selection by data set, transfer, growth, and what a selection takes."""
    begin = paragraph(
        f"Concept memory, by `agentmem bench concepts`. Selection, leave one out, {MAIN_RECALL} on all "
        f"concepts and on the tail (at most {result['tail']} uses); the weights of `full` never saw the "
        "question. Beside it its difference to the best single signal, with the 95% paired interval."
    )
    columns = (*SELECTORS, "full above the best of them")
    end = paragraph(_transfer(result["transfer"]), _growth(result["growth"]["rows"][-1]), _pace(pace["pace"]))
    return "\n\n".join((begin, markdown((recall_table(result["select"], SELECTORS), columns)), end))


def _transfer(told: Mapping[str, Any]) -> str:
    budgets = " / ".join(f"{budget:,}" for budget in told["budgets"])
    solved = ", ".join(
        f"{one['memory']} {' / '.join(str(count) for count in one['solved'])}" for one in told["memories"]
    )
    return (
        f"Transfer: of {told['tasks']} ARC training tasks that our routines can express, solved by "
        f"enumeration without a language model within {budgets} tried programs: {solved}. These tasks "
        "compare memories, and say nothing of ARC as a whole: the routines were written for them."
    )


def _growth(last: Mapping[str, Any]) -> str:
    return (
        f"After {last['problems']} of these tasks the memory holds {last['entries']:,} entries of "
        f"{last['tokens']:,} tokens; written blindly {last['entries_blind']:,} of "
        f"{last['tokens_blind']:,}."
    )


def _pace(told: Mapping[str, Any]) -> str:
    times = ", ".join(
        f"a {name.removesuffix('_ms').replace('_', ' ')} {told[name]['p50']:.1f} "
        f"ms{_aimed(told[name]['p50'], aim)}"
        for name, aim in AIMS.items()
    )
    return (
        f"With {told['concepts']:,} concepts and {told['problems']:,} problems, p50 above embedding: {times}."
    )


def _aimed(value: float, aim: float | None) -> str:
    return "" if aim is None else f" (aimed at {aim}: {'reached' if value <= aim else '**missed**'})"

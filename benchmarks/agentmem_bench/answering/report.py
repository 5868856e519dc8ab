"""The answers as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agentmem_bench.answering.contexts import MEMORIES
from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

TITLES = {
    "answerable": "Questions that can be answered: right is what the judge calls correct",
    "abstention": "Questions that cannot be answered: right is to say so",
}
HEADS = ("right", "95% interval", "corrected", "recall ahead", "F1", "exact", "abstained", "failed", "tokens")


def show(result: Mapping[str, Any], names: Mapping[str, str], console: Console) -> None:
    """Print all that a person wants to know; `names` are those of the categories, where they have any."""
    for piece in _pieces(result, names):
        console.print(piece)


def _pieces(result: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[RenderableType]:
    data, run = result["data"], result["run"]
    sample = "" if run["sampled"] is None else f", a sample of {run['questions']}"
    yield (
        f"{data['file']} ({result['split']}): {run['of']} questions{sample}; "
        f"answers by {run['answer']}, judged by {run['judge']}; contexts of {run['budget']} tokens. "
        f"{run['resumed']} of {run['rows']} rows were there before."
    )
    for group, title in TITLES.items():
        if group in result["answers"]:
            told = result["answers"][group]
            yield _scores(title, told["memories"])
            yield _judge(told["judge"])
            if len(told["memories"]["recall"]["categories"]) > 1:
                yield _categories(told["memories"], names)
    yield "; ".join(f"{name}: {what}" for name, what in MEMORIES.items()) + "."


def _scores(title: str, memories: Mapping[str, Any]) -> Table:
    shown = table(f"{title} ({memories['recall']['questions']})", "context", HEADS)
    for name, told in memories.items():
        shown.add_row(
            name,
            f"{told['accuracy']:.3f}",
            _interval(told["accuracy_ci95"]),
            "-" if told["corrected"] is None else f"{told['corrected']:.3f}",
            f"{told['recall_ahead']:+.3f} {_interval(told['recall_ahead_ci95'], '+.3f')}"
            if "recall_ahead" in told
            else "",
            f"{told['f1']:.3f}",
            f"{told['exact']:.3f}",
            str(told["abstained"]),
            str(told["failed"]),
            f"{told['context_tokens_mean']:.0f}",
        )
    return shown


def _judge(judge: Mapping[str, Any]) -> str:
    accept, refuse = judge["false_accept"], judge["false_refuse"]
    verdict = (
        "corrected: by these errors."
        if judge["identifiable"]
        else "It does not tell right from wrong well enough here for a score to be corrected."
    )
    return (
        f"The judge, measured first: it accepts {_share(accept)} of deliberately wrong answers and refuses "
        f"{_share(refuse)} of right ones; {judge['failed']} trials failed. {verdict}"
    )


def _share(told: Mapping[str, Any]) -> str:
    if not told["n"]:
        return "0 of 0"
    return f"{told['count']} of {told['n']} ({told['rate']:.3f}, 95% {_interval(told['ci95'])})"


def _categories(memories: Mapping[str, Any], names: Mapping[str, str]) -> Table:
    groups = memories["recall"]["categories"]
    heads = [f"{names.get(group, group)} ({told['questions']})" for group, told in groups.items()]
    shown = table("Right by category", "context", heads)
    for name, told in memories.items():
        shown.add_row(name, *(f"{told['categories'][group]['accuracy']:.3f}" for group in groups))
    return shown


def _interval(bounds: list[float], form: str = ".3f") -> str:
    low, high = bounds
    return f"({low:{form}} {high:{form}})"

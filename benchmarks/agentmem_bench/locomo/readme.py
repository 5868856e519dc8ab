"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.floor.report import floor_line
from agentmem_bench.locomo.data import FITTED_ON
from agentmem_bench.locomo.report import context_line
from agentmem_bench.ranked_tables import overall_table
from agentmem_bench.scores import MAIN_RECALL
from agentmem_bench.tables import markdown, paragraph

COLUMNS = ("recall@5", f"{MAIN_RECALL}", "recall@20", "mrr", "ndcg@10")
FITTED = "The constants were chosen on these conversations, so expect less on others."


def block(result: Mapping[str, Any], floor: Mapping[str, Any]) -> str:
    """Evidence recall, what each step is worth, and the errors of the floor."""
    data = result["data"]
    begin = paragraph(
        f"Evidence recall on {data['conversations']} conversations of LoCoMo ({data['questions']} "
        f"questions, {result['embedder']}, no language model), by `agentmem bench locomo`; in brackets "
        "95% bootstrap intervals. `full` is what `recall` does by default, its floor included.",
        fitted(data),
    )
    shown = markdown((overall_table(result["pipelines"], "Evidence recall"), COLUMNS))
    told = paragraph(_steps(result["ablation"]), context_line(result["context"]))
    took = paragraph(_time(result))
    return "\n\n".join((begin, shown, told, took, _floor(floor)))


def fitted(data: Mapping[str, Any]) -> str:
    """A warning where these are the data on which constants were chosen."""
    return FITTED if data["sha256"] in FITTED_ON else ""


def _time(result: Mapping[str, Any]) -> str:
    recall, embedding = result["pipelines"]["full"]["ms"], result["embedding_ms"]
    above = f", above {embedding['p50']:.1f} ms for embedding the question" if embedding else ""
    cores = result["machine"]["cores"]
    return f"On {cores} cores a recall of {result['depth']} hits took {recall['p50']:.1f} ms (p50){above}."


def _steps(ablation: Mapping[str, Any]) -> str:
    losses = sorted(ablation.items(), key=lambda one: -one[1]["loss"])
    costs = [f"{name} {one['loss']:.3f}" for name, one in losses if one["loss_ci95"][0] > 0]
    gains = [f"{name} {-one['loss']:.3f}" for name, one in losses if one["loss_ci95"][1] < 0]
    others = [name for name, one in losses if one["loss_ci95"][0] <= 0 <= one["loss_ci95"][1]]
    said = f"Leaving a step out of `full` costs {MAIN_RECALL}: {', '.join(costs) or 'nothing measurable'}"
    said += f"; it gains without {', '.join(gains)}" if gains else ""
    return f"{said}; not measurably: {', '.join(others)}." if others else f"{said}."


def _floor(result: Mapping[str, Any]) -> str:
    data, held_out = result["data"], result["best"]["held_out"]
    sizes = data["memories"]
    return paragraph(
        f'"Nothing relevant", by `agentmem bench floor` on {data["answerable"] + data["unanswerable"]} '
        f"shipped questions, asked of memories of {sizes[0]} to {sizes[-1]} turns: "
        f"{floor_line(result['policy'])} (cross-validated: {held_out['false_nothing']:.1%} and "
        f"{held_out['false_answer']:.1%})."
    )

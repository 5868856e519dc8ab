"""The result as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    if "cells" in result:
        for world in result["worlds"]:
            yield _success(result, world)
        yield critical_table(result)
        yield tokens_table(result)
        yield _ablations(result)
    if "pace" in result:
        yield _pace(result["pace"])
    if "model" in result:
        yield _model(result["model"])


def _success(result: dict[str, Any], world: str) -> Table:
    title = f"{world}: episodes that reach the goal, by tokens of the context ({result['seeds']} seeds)"
    shown = table(title, "memory", [f"{budget:,}" for budget in result["budgets"]])
    for memory in dict.fromkeys(one["memory"] for one in result["cells"]):
        own = {
            one["budget"]: one for one in result["cells"] if (one["world"], one["memory"]) == (world, memory)
        }
        shown.add_row(
            memory,
            *(
                f"{own[budget]['success']:.2f} ({own[budget]['progress']:.2f})"
                for budget in result["budgets"]
            ),
        )
    shown.caption = "in brackets: the share of goal conditions that held at best"
    return shown


def critical_table(result: dict[str, Any]) -> Table:
    """Where histories no longer do."""
    heads = ("budget", "full", "truncated", "summary", "subgoal", "aimed at", "reached")
    shown = table("The largest budget where the stronger history succeeds in at most half", "world", heads)
    for one in result["critical"]:
        rates = (f"{one[memory]:.2f}" for memory in heads[1:5])
        shown.add_row(one["world"], f"{one['budget']:,}", *rates, f"{one['aimed']:.2f}", _yes(one["reached"]))
    return shown


def tokens_table(result: dict[str, Any]) -> Table:
    """Where all has room."""
    heads = ("success", "steps", "prompt tokens/step", "share", "context tokens/step", "share", "reached")
    shown = table("Subgoal memory beside full history where all has room", "world", heads)
    for one in result["tokens"]:
        shown.add_row(
            one["world"],
            " / ".join(f"{rate:.2f}" for rate in one["success"]),
            " / ".join(f"{steps:.0f}" for steps in one["steps"]),
            " / ".join(f"{tokens:,.0f}" for tokens in one["prompt_tokens_per_step"]),
            f"{one['share_of_prompt_tokens']:.0%}",
            " / ".join(f"{tokens:,.0f}" for tokens in one["context_tokens_per_step"]),
            f"{one['share_of_context_tokens']:.0%}",
            _yes(one["reached"]),
        )
    shown.caption = (
        "full history / subgoal memory; aimed at: at most 60% of the prompt's tokens, no more steps"
    )
    return shown


def _ablations(result: dict[str, Any]) -> Table:
    worlds = [one["world"] for one in result["critical"]]
    heads = [f"{one['world']} {one['budget']:,}" for one in result["critical"]]
    shown = table("Subgoal memory less one of its parts, at these budgets", "memory", heads)
    whole = {one["world"]: one["subgoal"] for one in result["critical"]}
    shown.add_row("subgoal", *(f"{whole[world]:.2f}" for world in worlds))
    for memory in dict.fromkeys(one["memory"] for one in result["ablations"]):
        own = {one["world"]: one for one in result["ablations"] if one["memory"] == memory}
        shown.add_row(
            memory, *(f"{own[world]['success']:.2f} ({own[world]['progress']:.2f})" for world in worlds)
        )
    return shown


def _pace(pace: dict[str, Any]) -> Table:
    shown = table(
        "Memory's milliseconds in a step, durable commits included (median of 100 steps)",
        "after steps",
        ["ms"],
    )
    for step, spent in zip(pace["at"], pace["milliseconds"], strict=True):
        shown.add_row(f"{step:,}", f"{spent:.2f}")
    return shown


def _model(model: dict[str, Any]) -> Table:
    limits = f"{model['steps']} steps, {model['budget']:,} tokens"
    title = f"The model policy ({model['name']}), smallest problems, {limits}"
    heads = ("episodes", "success", "progress", "steps", "invalid", "prompt tokens/step")
    shown = table(title, "world, memory", heads)
    for one in model["rows"]:
        shown.add_row(
            f"{one['world']}, {one['memory']}",
            str(one["episodes"]),
            f"{one['success']:.2f}",
            f"{one['progress']:.2f}",
            f"{one['steps']:.1f}",
            f"{one['invalid']:.1f}",
            f"{one['prompt_tokens_per_step']:,.0f}",
        )
    return shown


def _yes(reached: bool) -> str:
    return "yes" if reached else "no"

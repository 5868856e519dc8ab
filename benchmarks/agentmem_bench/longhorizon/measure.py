"""The whole measurement: the grid of budgets, what is aimed at, the ablations, the pace, and a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agentmem.devices import cores
from agentmem.records import Value
from agentmem_bench import fresh
from agentmem_bench.longhorizon.episodes import ABLATIONS, Played, play_all
from agentmem_bench.longhorizon.figures import FAILS, OURS, SUCCEEDS, cells, compared, critical, note_success
from agentmem_bench.longhorizon.models import play_model
from agentmem_bench.paired import Paired
from agentmem_bench.progress import Watch
from agentmem_bench.provenance import provenance

SCHEMA = "agentmem.bench.longhorizon/1"
MEMORIES = ("full", "truncated", "summary", "subgoal")
PARTS = ("grid", "pace")
AMPLE = 65_536
"""Tokens in which every history of these worlds has room: there the tokens of both are compared."""
PACE_AT = (100, 300, 1_000, 3_000)
PACE_SECONDS = 900.0


class Plan(Value):
    """What is measured.

    Attributes:
        worlds: By name.
        budgets: Tokens of contexts.
        seeds: How many problems of each world.
        parts: Of the measurement.
        model: A language model that plays too; none: none does.
        model_steps: Steps of each of its episodes.
        model_budget: Tokens of its contexts.
    """

    worlds: tuple[str, ...]
    budgets: tuple[int, ...]
    seeds: int
    parts: tuple[str, ...]
    model: str | None
    model_steps: int = 10
    model_budget: int = 1_024


def measure(plan: Plan, watch: Watch) -> dict[str, Any]:
    """All figures, as JSON has them."""
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "worlds": list(plan.worlds),
        "budgets": list(plan.budgets),
        "seeds": plan.seeds,
    }
    paired = Paired()
    if "grid" in plan.parts:
        told |= _grid(plan, paired, watch)
    if "pace" in plan.parts:
        watch("pace", 0, 1)
        asked = {"at": list(PACE_AT), "budget": 1_000}
        told["pace"] = fresh.ask("agentmem_bench.longhorizon.pace", asked, PACE_SECONDS)
        watch("pace", 1, 1)
    if plan.model is not None:
        total = 2 * len(plan.worlds) * plan.seeds
        told["model"] = {
            "name": plan.model,
            "steps": plan.model_steps,
            "budget": plan.model_budget,
            "rows": play_model(
                plan.model,
                plan.worlds,
                plan.seeds,
                plan.model_steps,
                plan.model_budget,
                paired,
                lambda done: watch("model", done, total),
            ),
        }
    return told | provenance(seed=0) | {"paired": paired.told()}


def _grid(plan: Plan, paired: Paired, watch: Watch) -> dict[str, Any]:
    seeds = range(plan.seeds)
    wanted = [
        Played(world, memory, budget, seed)
        for world in plan.worlds
        for memory, budgets in [
            *((memory, plan.budgets) for memory in MEMORIES),
            ("full", (AMPLE,)),
            (OURS, (AMPLE,)),
        ]
        for budget in budgets
        for seed in seeds
    ]
    played = _play(wanted, "episodes", watch)
    found = cells(played)
    grid = [one for one in found if one["budget"] != AMPLE]
    budgets = {world: critical(grid, world) for world in plan.worlds}
    ablated = [
        Played(world, memory, budget, seed)
        for world, budget in budgets.items()
        if budget is not None
        for memory in ABLATIONS
        for seed in seeds
    ]
    without = _play(ablated, "ablations", watch)
    note_success(paired, [*played, *without])
    at = {(one["world"], one["memory"], one["budget"]): one for one in found}
    return {
        "cells": grid,
        "critical": [
            {
                "world": world,
                "budget": budget,
                **{memory: at[world, memory, budget]["success"] for memory in MEMORIES},
                "aimed": SUCCEEDS,
                "reached": at[world, OURS, budget]["success"] >= SUCCEEDS,
            }
            for world, budget in budgets.items()
            if budget is not None
        ],
        "fails_at_most": FAILS,
        "tokens": [compared(at[world, "full", AMPLE], at[world, OURS, AMPLE]) for world in plan.worlds],
        "ablations": cells(without),
    }


def _play(wanted: Sequence[Played], stage: str, watch: Watch) -> list[Played]:
    return play_all(wanted, cores(), lambda done: watch(stage, done, len(wanted)))

"""What `agentmem bench task` measures, as one JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.errors import InvalidInput
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.paired import Paired, digest
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance
from agentmem_bench.task import forest, tokens
from agentmem_bench.task.baselines import EpisodicRecall, LastMention
from agentmem_bench.task.engines import Engine, TaskEngine
from agentmem_bench.task.scenarios import Scenario, read_scenarios
from agentmem_bench.task.scoring import Totals, score, summed

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder
    from agentmem.models import ChatModel

SCHEMA = "agentmem.bench.task/1"
SEED = 20_261_124
PARTS = ("scenarios", "prompts", "forest")
SPLITS = ("development", "test")
GRAPH = ("depends", "stale", "done", "active")


@dataclass(frozen=True)
class Plan:
    """What is to be measured.

    Attributes:
        parts: Of `PARTS`.
        scenarios: A file or folder; none: the two splits that are shipped.
        trim: Who reads: `rule` or `model`.
        model: The model of the trim `model`.
        lengths: Turns at which prompts are compared.
        nodes: Of the large forest.
    """

    parts: Sequence[str]
    scenarios: Path | None
    trim: str
    model: ChatModel | None
    lengths: Sequence[int]
    nodes: int


def measure(plan: Plan, embedder: Embedder, watch: Watch = unwatched) -> dict[str, Any]:
    """Everything that the plan names.

    Raises:
        InvalidInput: an unknown part.
        NotFound: there are no scenarios.
        FormatError: a scenario is not as the format says.
    """
    unknown = [part for part in plan.parts if part not in PARTS]
    if unknown:
        raise InvalidInput(f"--part {unknown[0]!r} is not known", f"there are: {', '.join(PARTS)}")
    told: dict[str, Any] = {
        "schema": SCHEMA,
        **provenance(SEED),
        "embedder": embedder.name,
        "trim": plan.trim,
    }
    if plan.model is not None:
        told["model"] = plan.model.name
    if "scenarios" in plan.parts:
        told["splits"] = {
            name: _split(scenarios, plan, embedder, watch)
            for name, scenarios in splits(plan.scenarios).items()
        }
    if "prompts" in plan.parts:
        told["prompts"] = tokens.measure(TaskEngine(plan.trim, embedder, plan.model), plan.lengths, watch)
    if "forest" in plan.parts:
        told["forest"] = forest.measure(plan.nodes, SEED, watch)
    told["paired"] = _paired(told.get("splits", {})).told()
    return told


def splits(path: Path | None) -> dict[str, list[Scenario]]:
    """The scenarios of a file or folder under its name; none: those that are shipped, by split."""
    if path is not None:
        return {path.stem: read_scenarios(path)}
    with as_file(files(__package__) / "scenarios") as folder:
        return {split: read_scenarios(folder / split) for split in SPLITS}


def _split(scenarios: Sequence[Scenario], plan: Plan, embedder: Embedder, watch: Watch) -> dict[str, Any]:
    engines: list[Engine] = [
        TaskEngine(plan.trim, embedder, plan.model),
        LastMention(),
        EpisodicRecall(embedder),
    ]
    told: dict[str, Any] = {
        "scenarios": len(scenarios),
        "turns": sum(len(scenario.turns) for scenario in scenarios),
        "sha256": digest(scenario.model_dump_json() for scenario in scenarios),
        "engines": {},
    }
    for engine in engines:
        found = []
        for done, scenario in enumerate(scenarios):
            watch(engine.name, done, len(scenarios))
            found.append(score(scenario, engine.hear(scenario), embedder.embed))
        watch(engine.name, len(scenarios), len(scenarios))
        rows = {
            scenario.name: _figures(totals, structured=engine is engines[0])
            for scenario, totals in zip(scenarios, found, strict=True)
        }
        told["engines"][engine.name] = {
            **_figures(summed(found), structured=engine is engines[0]),
            "failures": engine.failures,
            "ms": milliseconds(engine.seconds),
            "by_scenario": rows,
        }
    return told


def _paired(splits: Mapping[str, Any]) -> Paired:
    """Slot accuracy by scenario. A split's own weighs its scenarios by their turns and slots."""
    kept = Paired()
    for split, told in splits.items():
        for engine, found in told["engines"].items():
            rows = found["by_scenario"]
            values = [row["slot_accuracy"] for row in rows.values()]
            kept.note(f"slot accuracy {engine}, {split}", rows, values)
    return kept


def _figures(totals: Totals, *, structured: bool) -> dict[str, Any]:
    """The figures of some turns; of an engine without structure, those of slots alone."""
    told: dict[str, Any] = {
        "turns": len(totals.turns),
        "slot_accuracy": round(totals.slot_accuracy, 4),
        "unsaid": totals.unsaid,
        "changed_by_checks": totals.checks_taken,
    }
    if not structured:
        return told
    graph = {name: totals.graph(name) for name in GRAPH}
    return told | {
        "exact_turns": round(totals.exact_turns, 4),
        "macro_f1": round(totals.macro_f1, 4),
        "f1": {intent: round(value, 4) for intent, value in totals.f1.items()},
        "confusion": [[true, read, count] for (true, read), count in sorted(totals.confusion.items())],
        "graph": {name: round(value, 4) for name, value in graph.items() if value is not None},
    }

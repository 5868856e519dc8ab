"""What `agentmem bench likebench` measures, as one JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any

from agentmem.config import Settings
from agentmem.devices import cores
from agentmem.errors import InvalidInput
from agentmem.models.registry import open_model
from agentmem_bench.likebench import suite
from agentmem_bench.likebench.agreement import check_installed, decoys, trust
from agentmem_bench.likebench.cast import MODEL, RULE, Cast
from agentmem_bench.likebench.cost import cost
from agentmem_bench.likebench.jobs import Job, Stage, play_all
from agentmem_bench.likebench.measures import CLEAN, NOISY, likability, measured, per_persona, robustness
from agentmem_bench.likebench.personas.files import read, shipped
from agentmem_bench.likebench.personas.generate import generate
from agentmem_bench.likebench.personas.schema import DIMENSIONS, Persona
from agentmem_bench.likebench.probe.script import VARIANTS
from agentmem_bench.likebench.rows import Dialogue
from agentmem_bench.likebench.systems.named import BOUNDS, NONE, ORACLE, Named, named, other
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance, sha256

SCHEMA = "agentmem.bench.likebench/1"
MEMORIES = (
    *(ORACLE, NONE, "profile+episodic", "profile", "episodic", "full", "truncated", "full@8192"),
    *("sliding", "task", "subgoal", "concept", "layered"),
)
"""What is measured where no memory is named."""
BASELINES = ("full", "truncated")
"""What the best memory is held against, at the smaller budget."""


@dataclass(frozen=True)
class Plan:
    """What is to be measured.

    Attributes:
        memories: Names of memories; without any, and without `systems`: `MEMORIES`.
        systems: Names of systems with a memory of their own.
        personas: A file; none: those that are shipped, or generated ones.
        generated: A seed that others are generated with; none: those that are shipped.
        count: How many personas, the first ones; none: all.
        variants: Names of `VARIANTS`.
        seeds: Of the scripts.
        rows: A folder for the rows; none: they are not kept.
        workers: Processes; none: one a core.
        cast: Who plays.
        same_model: Whether a rater may rate what it answered.
        limit: Tokens that models may take; none: without a limit.
        settings: Which embedder, which servers, and what models cost.
    """

    memories: Sequence[str] = ()
    systems: Sequence[str] = ()
    personas: Path | None = None
    generated: int | None = None
    count: int | None = None
    variants: Sequence[str] = tuple(VARIANTS)
    seeds: Sequence[int] = suite.SEEDS
    rows: Path | None = None
    workers: int | None = None
    cast: Cast = field(default_factory=Cast)
    same_model: bool = False
    limit: int | None = None
    settings: Settings = field(default_factory=Settings)

    @property
    def mode(self) -> str:
        """`probe`, or `model`: scores of the one are never mixed with those of the other."""
        return MODEL if self.systems else self.cast.mode


@dataclass(frozen=True)
class Played:
    """A run: its dialogues by system and variant, in the order of personas and seeds."""

    plan: Plan
    personas: Sequence[Persona]
    dialogues: Mapping[str, Mapping[str, Sequence[Dialogue]]]
    seconds: float

    @property
    def every(self) -> list[Dialogue]:
        """All dialogues."""
        return [one for by_variant in self.dialogues.values() for some in by_variant.values() for one in some]


def personas_of(plan: Plan) -> Sequence[Persona]:
    """Who talks.

    Raises:
        InvalidInput: the file cannot be read.
        FormatError: it is not as the schema says.
    """
    if plan.personas is not None:
        found: Sequence[Persona] = read(plan.personas)
    elif plan.generated is not None:
        found = [generate(number, plan.generated) for number in range(1, (plan.count or suite.PERSONAS) + 1)]
    else:
        found = shipped()
    return found[: plan.count]


def check(plan: Plan) -> list[Named]:
    """The systems of a plan that can be run.

    Raises:
        InvalidInput: an unknown variant, no such budget, or what cannot be together.
        NotFound: there is no such store or system.
        Unavailable: a model, or a package, is not there.
    """
    unknown = [name for name in plan.variants if name not in VARIANTS]
    if unknown:
        raise InvalidInput(f"--variant {unknown[0]!r} is not known", f"there are: {', '.join(VARIANTS)}")
    if plan.systems and plan.memories and not plan.cast.models:
        raise InvalidInput(
            "--system beside --memory, whose scores would be a probe's: they are never mixed",
            "let a model answer and rate: --answer MODEL --rater MODEL, or measure them one after the other",
        )
    if plan.limit is not None and plan.rows is None:
        raise InvalidInput("--limit without --rows: what was paid for would be lost", "give --rows FOLDER")
    names = {name: open_model(plan.settings, name).name for name in sorted(plan.cast.models)}
    plan.cast.check(plan.systems, names, same_model=plan.same_model)
    if plan.cast.repeats > 1 or len(plan.cast.raters) > 1:
        check_installed()
    memories = plan.memories or (() if plan.systems else MEMORIES)
    found = [*map(named, memories), *map(other, plan.systems)]
    return list({one.name: one for one in found}.values())


def measure(plan: Plan, watch: Watch = unwatched) -> dict[str, Any]:
    """Everything that the plan names.

    Raises:
        InvalidInput: an unknown variant, no such budget, or rows of another run.
        NotFound: there is no such store.
        FormatError: a file is not as its format says.
    """
    return told_of(play(plan, watch))


def play(plan: Plan, watch: Watch = unwatched) -> Played:
    """All dialogues of a plan.

    Raises:
        InvalidInput: an unknown variant, no such budget, or rows of another run.
        NotFound: there is no such store.
        FormatError: a file is not as its format says.
        LimitReached: models may take no more.
    """
    systems, personas = check(plan), personas_of(plan)
    began = perf_counter()
    jobs = jobs_of(plan, systems, personas)
    found: dict[str, dict[str, list[Dialogue]]] = {
        system.name: {variant: [] for variant in plan.variants} for system in systems
    }
    stage = Stage(plan.cast, plan.limit, settings=plan.settings)
    for done, dialogue in enumerate(play_all(jobs, stage, plan.workers or cores()), 1):
        found[dialogue.header.system][dialogue.header.variant].append(dialogue)
        watch("talking", done, len(jobs))
    order = {persona.id: place for place, persona in enumerate(personas)}
    for by_variant in found.values():
        for some in by_variant.values():
            some.sort(key=lambda one: (order[one.header.persona], one.header.seed))
    return Played(plan, personas, found, perf_counter() - began)


def jobs_of(plan: Plan, systems: Sequence[Named], personas: Sequence[Persona]) -> list[Job]:
    """All dialogues that a plan asks for."""
    return [
        Job(system, persona, variant, seed, plan.rows)
        for system, persona, variant, seed in product(systems, personas, plan.variants, plan.seeds)
    ]


def told_of(played: Played) -> dict[str, Any]:
    """What a run says, as one JSON object."""
    plan, cast = played.plan, played.plan.cast
    known = {persona.id: persona for persona in played.personas}
    systems = {name: _system(by_variant, known) for name, by_variant in played.dialogues.items()}
    return {
        "schema": SCHEMA,
        **provenance(plan.seeds[0]),
        "suite": suite.VERSION,
        "mode": plan.mode,
        "user": cast.user,
        "answers": "the systems themselves" if plan.systems and not plan.memories else cast.answers,
        "raters": list(cast.raters),
        "repeats": cast.repeats,
        "prompts": cast.prompts,
        "personas": _whose(plan, played.personas),
        "seeds": list(plan.seeds),
        "variants": {name: VARIANTS[name].turns for name in plan.variants},
        "seconds": round(played.seconds, 1),
        "dialogues": len(played.every),
        "systems": systems,
        "bounds": bounds(systems),
        "best": best(systems),
        "decoys": decoys(played.every),
        "agreement": trust(played.every) if cast.raters != (RULE,) else None,
        "cost": cost(played.every, plan.settings),
    }


def _system(by_variant: Mapping[str, Sequence[Dialogue]], known: Mapping[str, Persona]) -> dict[str, Any]:
    both = {CLEAN, NOISY} <= by_variant.keys()
    return {
        "variants": {variant: measured(some, known) for variant, some in by_variant.items()},
        "robustness": robustness(by_variant[CLEAN], by_variant[NOISY]) if both else None,
        "personas": {
            variant: per_persona(some, lambda one: likability(one.turns))
            for variant, some in by_variant.items()
        },
    }


def _whose(plan: Plan, personas: Sequence[Persona]) -> dict[str, Any]:
    if plan.personas is not None:
        return {"file": plan.personas.name, "sha256": sha256(plan.personas), "count": len(personas)}
    if plan.generated is not None:
        return {"generated": plan.generated, "count": len(personas)}
    return {"shipped": suite.PERSONA_SEED, "count": len(personas)}


def _mean(systems: Mapping[str, Any], name: str, dimension: str | None = None) -> float | None:
    """A system's likability in clean sessions, or in those that there are."""
    if name not in systems:
        return None
    variants = systems[name]["variants"]
    told = variants.get(CLEAN) or next(iter(variants.values()))
    found = told["likability"] if dimension is None else told["dimensions"][dimension]
    return None if found is None else float(found["mean"])


def bounds(systems: Mapping[str, Any]) -> dict[str, Any] | None:
    """How far the memory that knows the persona and none are apart; none where one of them was not run."""
    high, low = _mean(systems, ORACLE), _mean(systems, NONE)
    if high is None or low is None:
        return None
    apart = {}
    for dimension in DIMENSIONS:
        ends = _mean(systems, ORACLE, dimension), _mean(systems, NONE, dimension)
        if ends[0] is not None and ends[1] is not None:
            apart[dimension] = ends[0] - ends[1]
    held = high >= suite.ORACLE and low <= suite.NONE and all(gap >= suite.APART for gap in apart.values())
    return {"oracle": high, "none": low, "apart": apart, "hold": held}


def _is_rival(name: str) -> bool:
    """Whether a system is a memory with contexts of the same size as the baselines', and none of these."""
    return name not in (*BOUNDS, *BASELINES) and not {"@", ":"} & set(name)


def best(systems: Mapping[str, Any]) -> dict[str, Any] | None:
    """The best memory against the stronger of the baselines; none where there is nothing to compare."""
    found = {name: value for name in systems if (value := _mean(systems, name)) is not None}
    baselines = {name: found[name] for name in BASELINES if name in found}
    others = {name: value for name, value in found.items() if _is_rival(name)}
    if not baselines or not others:
        return None
    name, baseline = max(others, key=others.__getitem__), max(baselines, key=baselines.__getitem__)
    above = others[name] - baselines[baseline]
    ratio = (systems[name]["robustness"] or {}).get("ratio")
    return {
        "memory": name,
        "likability": others[name],
        "baseline": baseline,
        "above": above,
        "robustness": ratio,
        "aims": {"likability": suite.BEST, "above": suite.ABOVE, "robustness": suite.ROBUST},
        "reached": {
            "likability": others[name] >= suite.BEST,
            "above": above >= suite.ABOVE,
            "robustness": None if ratio is None else ratio >= suite.ROBUST,
        },
    }

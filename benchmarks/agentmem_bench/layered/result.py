"""What `agentmem bench layered` measures, as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem.config import Settings
from agentmem.errors import FormatError, InvalidInput
from agentmem.stores.layered.policy import LayerPolicy
from agentmem.stores.layered.presets import PRESETS, policy_of, preset
from agentmem_bench.layered import pace
from agentmem_bench.layered.data import Stream, read
from agentmem_bench.layered.generate import generate
from agentmem_bench.layered.market import MarketPlan
from agentmem_bench.layered.market import measure as trade
from agentmem_bench.layered.regimes import DEVELOPMENT, REGIMES, TEST
from agentmem_bench.layered.scores import MAIN_K
from agentmem_bench.layered.streams import Setup, ablate, compare
from agentmem_bench.paired import Paired
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance, sha256

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

SCHEMA = "agentmem.bench.layered/1"
PARTS = ("streams", "ablations", "scale", "market")
OF_FILES = ("streams", "ablations")
"""The parts that a file of data is for."""
USUAL = ("streams",)
"""The parts that are measured where none is named: a quarter of an hour; all of them take hours."""
SPLITS: Mapping[str, Sequence[int]] = {"test": TEST, "development": DEVELOPMENT}
"""Seeds of generated streams by split."""
ABLATED = 3
"""Streams of a regime that ablations are measured on, the first of the split."""
SIZES = (10_000, 100_000, 1_000_000)
SMALLEST = 1_000
KS = (5, MAIN_K, 20)
POLICY = "finmem_fitted"
"""The preset for a file where none is named."""


@dataclass(frozen=True)
class Plan:
    """What is to be measured.

    Attributes:
        parts: Of `PARTS`; none: `USUAL`.
        data: A file of a stream; none: generated ones.
        policy: A preset's name or a file of JSON, for `data`.
        regimes: Of the generated streams; none: all.
        split: Of `SPLITS`.
        streams: Of each regime, the first of the split; none: all, and `ABLATED` for ablations.
        ks: The k of precision, recall and F1; `MAIN_K` is always among them.
        sizes: Items of the part `scale`.
        market: What the part `market` trades.
    """

    parts: Sequence[str] = ()
    data: Path | None = None
    policy: str = POLICY
    regimes: Sequence[str] = ()
    split: str = "test"
    streams: int | None = None
    ks: Sequence[int] = KS
    sizes: Sequence[int] = SIZES
    market: MarketPlan = field(default_factory=MarketPlan)

    @property
    def wanted(self) -> Sequence[str]:
        """The parts that are measured."""
        return self.parts or USUAL

    @property
    def left(self) -> list[str]:
        """The parts that are not measured and could be, where none is named."""
        possible = PARTS if self.data is None else OF_FILES
        return [] if self.parts else [part for part in possible if part not in USUAL]


def measure(plan: Plan, embedder: Embedder, watch: Watch = unwatched) -> dict[str, Any]:
    """Everything that the plan names.

    Raises:
        InvalidInput: an unknown part, regime or split, no such k or size, or a part that no file is for.
        NotFound: there is no such file or preset.
        FormatError: the file is not as the format says.
    """
    _check(plan)
    told: dict[str, Any] = {
        "schema": SCHEMA,
        **provenance(SPLITS[plan.split][0]),
        "embedder": embedder.name,
        "not_measured": plan.left,
        "main_k": MAIN_K,
        "k": _ks(plan),
        "floor": False,
        "abstention": "a memory may recall fewer than k; what has faded is not recalled",
    }
    if plan.data is None:
        told["seeds"] = {"split": plan.split, **{name: list(_seeds(plan, name)) for name in SPLITS}}
        told["fitted_on"] = "development: presets other than FinMem's, and all baselines"
    runs = _runs(plan)
    if plan.data is not None:
        told["data"] = {"file": plan.data.name, "sha256": sha256(plan.data), "sorted": _sorted(runs)}
    told["seconds"] = {}
    paired = Paired()
    for name, part in _parts(plan, runs, embedder, paired, watch).items():
        if name in plan.wanted:
            began = perf_counter()
            told[name] = part()
            told["seconds"][name] = round(perf_counter() - began, 1)
    return {**told, "paired": paired.told()}


@dataclass(frozen=True)
class Run:
    """Streams of one kind by their names, and what they are put through."""

    streams: Mapping[str, Callable[[], Stream]]
    setup: Setup


def _parts(
    plan: Plan, runs: Mapping[str, Run], embedder: Embedder, paired: Paired, watch: Watch
) -> dict[str, Callable[[], dict[str, Any]]]:
    """How each part is measured, by its name."""

    def each(work: Callable[..., dict[str, Any]], most: int | None = None) -> dict[str, Any]:
        told = {}
        for name, run in runs.items():
            chosen = dict(list(run.streams.items())[:most])
            noting = partial(_note, paired, list(chosen))
            told[name] = work(list(chosen.values()), run.setup, embedder, _named(watch, name), noting)
        return told

    return {
        "streams": lambda: each(compare),
        "ablations": lambda: each(ablate, plan.streams or ABLATED),
        "scale": lambda: pace.measure(plan.sizes, embedder, watch),
        "market": lambda: trade(plan.market, Settings(), watch),
    }


def _runs(plan: Plan) -> dict[str, Run]:
    if plan.data is not None:
        policy = policy_named(plan.policy)
        stream = read(plan.data, (*policy.names, *policy.entrances))
        return {plan.data.stem: Run({plan.data.stem: lambda: stream}, _setup(policy, plan))}
    runs = {}
    for name in plan.regimes or REGIMES:
        regime = REGIMES[name]
        streams = {
            f"{name}/{seed}": partial(generate, regime, name, seed) for seed in _seeds(plan, plan.split)
        }
        runs[name] = Run(streams, _setup(preset(regime.policy), plan))
    return runs


def _setup(policy: LayerPolicy, plan: Plan) -> Setup:
    """The policy under test, and beside it the other presets whose layers are called the same."""
    beside = {
        f"layered, {name}": other
        for name, other in PRESETS.items()
        if name != policy.name and other.names == policy.names
    }
    known = (name for name, one in REGIMES.items() if preset(one.policy).names == policy.names)
    constants = next(known, "market")
    return Setup({"layered": policy, **beside}, constants, _ks(plan))


def _sorted(runs: Mapping[str, Run]) -> int:
    return sum(make().sorted for run in runs.values() for make in run.streams.values())


def policy_named(given: str) -> LayerPolicy:
    """The policy of a preset's name, or of a file of JSON.

    Raises:
        NotFound: there is neither such a preset nor such a file.
        FormatError: the file is no JSON.
        InvalidInput: its JSON is no policy.
    """
    file = Path(given)
    if given in PRESETS or not file.is_file():
        return preset(given)
    try:
        return policy_of(json.loads(file.read_text(encoding="utf-8")))
    except ValueError as error:
        raise FormatError(f"{file} is no JSON: {error}", "see `agentmem layers policy finmem`") from error


def _note(paired: Paired, streams: Sequence[str], measure: str, values: Sequence[float]) -> None:
    paired.note(measure, streams, values)


def _seeds(plan: Plan, split: str) -> Sequence[int]:
    """Those of a split, of the measured one as many as the plan asks for."""
    return SPLITS[split][: plan.streams] if split == plan.split else SPLITS[split]


def _ks(plan: Plan) -> list[int]:
    return sorted({*plan.ks, MAIN_K})


def _check(plan: Plan) -> None:
    for option, given, known in (
        ("--part", plan.parts, PARTS),
        ("--regime", plan.regimes, tuple(REGIMES)),
        ("--split", (plan.split,), tuple(SPLITS)),
    ):
        unknown = [one for one in given if one not in known]
        if unknown:
            raise InvalidInput(f"{option} {unknown[0]!r} is not known", f"there are: {', '.join(known)}")
    if min(plan.ks, default=0) < 1:
        raise InvalidInput(f"--k {min(plan.ks, default=0)}", "give numbers from 1 on")
    if "scale" in plan.wanted and min(plan.sizes, default=0) < SMALLEST:
        raise InvalidInput(f"--size {min(plan.sizes, default=0)}", f"give sizes from {SMALLEST} on")
    beside = [part for part in plan.parts if plan.data is not None and part not in OF_FILES]
    if beside:
        raise InvalidInput(f"--part {beside[0]} reads no --data", "leave one of them out")


def _named(watch: Watch, name: str) -> Watch:
    return lambda stage, done, total: watch(f"{name}: {stage}", done, total)

"""What `agentmem bench concepts` measures, as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from agentmem.config import Settings
from agentmem.errors import FormatError, InvalidInput, Unavailable
from agentmem.stores.concept.selection import Calibration
from agentmem_bench import fresh
from agentmem_bench.concepts import oracle
from agentmem_bench.concepts.corpora import Embedded, embedded
from agentmem_bench.concepts.data import REMEDY, Dataset, read
from agentmem_bench.concepts.figures import figures, note
from agentmem_bench.concepts.generate import SHAPES, generate
from agentmem_bench.concepts.leave_one_out import FOLDS, SELECTORS, TAIL, Answers, leave_one_out
from agentmem_bench.concepts.own import own
from agentmem_bench.paired import Paired
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance, sha256

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

SCHEMA = "agentmem.bench.concepts/1"
SEED = 20_261_129
PARTS = ("select", "transfer", "growth", "pace")
OF_FILES = ("select",)
"""The parts that a file of data is for."""
SECONDS = 900.0
"""More than any part takes that is asked of a process of its own."""
PACE = {"concepts": 10_000, "problems": 1_000, "seed": SEED}
GROWTH = {"problems": 1_000, "seed": SEED}
"""More problems than are solved: all of them are seen."""
OWN = "own: solved ARC tasks"
DRAWN = (("grid puzzles", 0), ("support desk", 1), ("grid puzzles", 2), ("support desk", 3))
"""Domain and number, added to the seed, of the data sets that are generated of each shape."""


@dataclass(frozen=True)
class Plan:
    """What is to be measured.

    Attributes:
        parts: Of `PARTS`; none: all that the data are for, or, with a model, no other.
        data: A file; none: our own data, and what is generated.
        selectors: Of `SELECTORS`.
        model: A language model, which goes through `tasks` besides; none: no model does.
        tasks: The ARC tasks that it gets, as after `agentmem run arc --tasks`.
        retries: How often an attempt of it goes on.
    """

    parts: Sequence[str] = ()
    data: Path | None = None
    selectors: Sequence[str] = SELECTORS
    model: str | None = None
    tasks: str = "arcagi:evaluation@20"
    retries: int = 1

    @property
    def wanted(self) -> Sequence[str]:
        """The parts that are measured."""
        usual = () if self.model else PARTS
        return self.parts or (usual if self.data is None else OF_FILES)


def measure(plan: Plan, embedder: Embedder, watch: Watch = unwatched) -> dict[str, Any]:
    """Everything that the plan names.

    Raises:
        InvalidInput: an unknown part or selector, or a part that no file is for.
        NotFound: there is no such file.
        FormatError: the file is not as the format says, or no concept in it is used by two problems.
    """
    _check(plan)
    told: dict[str, Any] = {
        "schema": SCHEMA,
        **provenance(SEED),
        "embedder": embedder.name,
        "folds": FOLDS,
        "tail": TAIL,
    }
    if plan.data is not None:
        told["data"] = {"file": plan.data.name, "sha256": sha256(plan.data)} if plan.data.is_file() else {}
    paired = Paired()
    if "select" in plan.wanted:
        told["select"] = {
            name: _select(name, sets, plan, embedder, paired, _named(watch, name))
            for name, sets in _data(plan.data)
        }
    if "transfer" in plan.wanted:
        told["transfer"] = _transfer(watch)
    for part, given in (("growth", GROWTH), ("pace", PACE)):
        if part in plan.wanted:
            watch(part, 0, 1)
            told[part] = fresh.ask(f"agentmem_bench.concepts.{part}", given, SECONDS)
            watch(part, 1, 1)
    if plan.model is not None:
        told["model"] = oracle.measure(plan.model, plan.tasks, plan.retries, Settings(), paired, watch)
    return {**told, "paired": paired.told()}


def _transfer(watch: Watch) -> dict[str, Any]:
    """Tasks solved by the same search without a memory, with what is popular, and with concept memory."""
    from agentmem_bench.transfer.measure import WITHOUT
    from agentmem_bench.transfer.measure import measure as measure_transfer
    from agentmem_bench.transfer.memory import remembered
    from agentmem_bench.transfer.solved import nothing, popular, solved_tasks

    solved = solved_tasks()
    guides = {WITHOUT: nothing, "popularity": popular(solved), "concept": remembered(solved, watch=watch)}
    return measure_transfer(solved.tasks, guides, watch=watch)


def _check(plan: Plan) -> None:
    for option, given, known in (
        ("--part", plan.parts, PARTS),
        ("--selector", plan.selectors, SELECTORS),
    ):
        unknown = [one for one in given if one not in known]
        if unknown:
            raise InvalidInput(f"{option} {unknown[0]!r} is not known", f"there are: {', '.join(known)}")
    beside = [part for part in plan.parts if plan.data is not None and part not in OF_FILES]
    if beside:
        raise InvalidInput(f"--part {beside[0]} reads no --data", "leave one of them out")


def _data(file: Path | None) -> Iterator[tuple[str, list[Dataset]]]:
    """Data sets of one kind by its name: those of a file, or our own and the generated ones."""
    if file is not None:
        yield file.stem, [read(file)]
        return
    with suppress(Unavailable):  # the tasks are an extra; what is generated is measured all the same
        yield OWN, [own()]
    for name, shape in SHAPES.items():
        yield name, [generate(shape, domain, SEED + number) for domain, number in DRAWN]


def _named(watch: Watch, name: str) -> Watch:
    return lambda stage, done, total: watch(f"{name}: {stage}", done, total)


def _select(
    name: str, sets: Sequence[Dataset], plan: Plan, embedder: Embedder, paired: Paired, watch: Watch
) -> dict[str, Any]:
    """Leave one out over data sets of one kind, by their `name`, the questions of all taken together."""
    began = perf_counter()
    answers: list[Answers] = []
    counted: list[dict[str, Any]] = []
    for data in sets:
        found = embedded(data, embedder)
        answers.append(leave_one_out(found, plan.selectors, watch=watch))
        counted.append(_counted(found))
        if not answers[-1].relevant:
            raise FormatError("no concept is used by two problems, so that nothing can be left out", REMEDY)
    note(paired, name, answers)
    return {
        "data_sets": counted,
        "questions": sum(len(one.relevant) for one in answers),
        **figures(answers),
        "weights": _weights([one for each in answers for one in each.calibrations]),
        "seconds": round(perf_counter() - began, 1),
    }


def _counted(data: Embedded) -> dict[str, Any]:
    uses = np.sort(np.asarray(data.uses.sum(axis=0)).reshape(-1))[::-1]
    total = max(int(uses.sum()), 1)
    return {
        "problems": len(data.problems),
        "concepts": len(data.concepts),
        "uses": int(uses.sum()),
        "share_of_dozen": round(float(uses[:12].sum()) / total, 3),
        "tail_concepts": int(((uses > 1) & (uses <= TAIL)).sum()),
    }


def _weights(calibrations: Sequence[Calibration]) -> dict[str, Any]:
    """Where the weights of `full` came from, and their means over folds, for common and for rare concepts."""
    sources = [one.source for one in calibrations]
    return {
        "from": {source: sources.count(source) for source in sorted(set(sources))},
        "problems": [one.problems for one in calibrations],
        "common": _means([one.weights.common for one in calibrations]),
        "rare": _means([one.weights.rare for one in calibrations]),
        "offset": round(float(np.mean([one.weights.offset for one in calibrations] or [0.0])), 3),
    }


def _means(weights: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for one in weights for name in one)
    return {name: round(float(np.mean([one.get(name, 0.0) for one in weights])), 3) for name in names}

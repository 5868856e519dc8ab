"""Streams through layered memory and what it is compared with, each scored alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentmem.stores.layered.policy import LayerPolicy
from agentmem_bench.layered import baselines
from agentmem_bench.layered.ablations import Ablation, ablations
from agentmem_bench.layered.constants import baselines_of
from agentmem_bench.layered.data import Stream
from agentmem_bench.layered.embedding import Remembering, cosines
from agentmem_bench.layered.memories import Flat, Layered, a_bank, replayed
from agentmem_bench.layered.scores import MAIN_K, Score, difference, scored, summed
from agentmem_bench.paired import Note, unnoted
from agentmem_bench.progress import Watch, unwatched

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

LAYERED = "layered"
AIM = 0.10
"""By how much F1 is to be above the best of the others."""
STEPS: Mapping[str, Mapping[str, object]] = {"flat": {"steps": ("dense",)}, "hybrid": {}}
"""Memories on the episodic store: what their queries ask of the pipeline."""

Ranked = list[list[str]]
By = dict[str, dict[int, list[Score]]]
"""Scores of each stream, by memory and k."""


@dataclass(frozen=True)
class Setup:
    """What streams are put through.

    Attributes:
        policies: Policies of layered memory, by what their rows are called; the first is compared.
        constants: The regime whose baselines are taken.
        ks: The k at which precision, recall and F1 are told.
    """

    policies: Mapping[str, LayerPolicy]
    constants: str
    ks: Sequence[int]

    @property
    def depth(self) -> int:
        """Items that a memory is asked for."""
        return max(self.ks)


def compare(
    streams: Sequence[Callable[[], Stream]],
    setup: Setup,
    embedder: Embedder,
    watch: Watch = unwatched,
    note: Note = unnoted,
) -> dict[str, Any]:
    """Every memory on every stream; `note` takes up the F1 of each memory on each of them."""
    by: By = {}
    counted = []
    for number, make in enumerate(streams):
        watch("streams", number, len(streams))
        stream = make()
        counted.append(stream)
        for name, found in _ranked(stream, setup, embedder, watch).items():
            _note(by, name, stream, found, setup.ks)
    watch("streams", len(streams), len(streams))
    _note_f1(by, "F1@{k} {name}", note)
    compared = next(iter(setup.policies))
    others = [name for name in by if name not in setup.policies]
    best = max(others, key=lambda name: summed(by[name][MAIN_K])["f1"])
    above = difference(by[compared][MAIN_K], by[best][MAIN_K])
    return {
        "streams": len(streams),
        "items": sum(len(one.items) for one in counted),
        "queries": sum(len(one.queries) for one in counted),
        "feedback": sum(len(one.feedback) for one in counted),
        "relevant_per_query": round(
            sum(len(query.relevant) for one in counted for query in one.queries)
            / sum(len(one.queries) for one in counted),
            1,
        ),
        "policies": {name: policy.name for name, policy in setup.policies.items()},
        "constants": setup.constants,
        "memories": _told(by),
        "compared": compared,
        "best_other": best,
        "above": {**above, "aim": AIM, "reached": above["f1"] >= AIM},
    }


def ablate(
    streams: Sequence[Callable[[], Stream]],
    setup: Setup,
    embedder: Embedder,
    watch: Watch = unwatched,
    note: Note = unnoted,
) -> dict[str, Any]:
    """The first policy, and the same without each of its parts, on every stream; `note` as for `compare`."""
    policy = next(iter(setup.policies.values()))
    variants = {"nothing": Ablation(policy), **ablations(policy)}
    by: By = {}
    for number, make in enumerate(streams):
        stream, remembering = make(), Remembering(embedder)
        for done, (name, variant) in enumerate(variants.items()):
            watch("ablations", number * len(variants) + done, len(streams) * len(variants))
            with a_bank(remembering) as bank:
                memory = Layered(bank, variant.policy, hints=variant.hints, feedback=variant.feedback)
                _note(by, name, stream, replayed(stream, memory, setup.depth), setup.ks)
    watch("ablations", len(streams) * len(variants), len(streams) * len(variants))
    _note_f1(by, "F1@{k} layered without {name}", note)
    own = by["nothing"][MAIN_K]
    told = _told(by)
    return {
        "streams": len(streams),
        "policy": policy.name,
        "without": {
            name: {**told[name], "change": difference(found[MAIN_K], own)} for name, found in by.items()
        },
    }


def _ranked(stream: Stream, setup: Setup, embedder: Embedder, watch: Watch) -> dict[str, Ranked]:
    remembering = Remembering(embedder)
    known = cosines(stream, remembering, watch)
    found: dict[str, Ranked] = {}
    for name, policy in setup.policies.items():
        with a_bank(remembering) as bank:
            found[name] = replayed(stream, Layered(bank, policy), setup.depth, watch)
    for name, changes in STEPS.items():
        with a_bank(remembering) as bank:
            found[name] = replayed(stream, Flat(bank, changes), setup.depth, watch)
    for name, baseline in baselines_of(setup.constants).items():
        found[name] = baselines.ranked(stream, known, baseline, setup.depth, MAIN_K)
    return found


def _note(by: By, name: str, stream: Stream, found: Ranked, ks: Sequence[int]) -> None:
    scores = by.setdefault(name, {k: [] for k in ks})
    for k in ks:
        scores[k].append(scored(stream, found, k))


def _note_f1(by: By, measure: str, note: Note) -> None:
    for name, scores in by.items():
        note(measure.format(k=MAIN_K, name=name), [one.f1 for one in scores[MAIN_K]])


def _told(by: By) -> dict[str, Any]:
    return {name: {str(k): summed(scores) for k, scores in found.items()} for name, found in by.items()}

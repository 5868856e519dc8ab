"""How well a profile reads some sentences, as one JSON document."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentmem.stores.profile import cues
from agentmem.stores.profile.aspects import ASPECTS
from agentmem.stores.profile.exemplars import OTHER
from agentmem.stores.profile.notes import Note
from agentmem_bench.bootstrap import SEED
from agentmem_bench.paired import Paired, digest
from agentmem_bench.profile.data import Said
from agentmem_bench.profile.rates import by_aspect, flags, over_all
from agentmem_bench.profile.readers import Nearness, by_cues, by_model, is_read
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder
    from agentmem.models.base import ChatModel

SCHEMA = "agentmem.bench.profile/1"
NOTHING = "nothing"
"""What is found where nothing is."""
NEARS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
CLEARS = (0.0, 0.05, 0.1, 0.15, 0.2)
"""Thresholds that are tried, beside those that hold."""

Splits = Mapping[str, Sequence[Said]]


@dataclass(frozen=True)
class Read:
    """What a reader found in some sentences.

    Attributes:
        said: The sentences.
        notes: What was noted of each.
        failed: How many of them the reader failed at.
    """

    said: Sequence[Said]
    notes: Sequence[Sequence[Note]]
    failed: int = 0

    @property
    def found(self) -> list[set[str]]:
        """The aspects that were found in each."""
        return [{note.aspect for note in some} for some in self.notes]


def sample(splits: Splits, count: int | None, seed: int = SEED) -> Splits:
    """So many sentences of each split, in their order; all for none."""
    if count is None:
        return splits
    return {split: _some(said, count, random.Random(seed)) for split, said in splits.items()}  # noqa: S311


def _some(said: Sequence[Said], count: int, chance: random.Random) -> Sequence[Said]:
    kept = sorted(chance.sample(range(len(said)), min(count, len(said))))
    return [said[place] for place in kept]


def of_cues(splits: Splits, embedder: Embedder) -> dict[str, Any]:
    """The figures of the reader without a model, and those that other thresholds would give."""
    told = _told(splits, {"reader": "cues", "embedder": embedder.name})
    paired = Paired()
    for split, said in splits.items():
        notes = by_cues([one.text for one in said], embedder)
        read = Read(said, [[note for note in some if not note.shown] for some in notes])
        about = [one.text for one in said if one.aspect != OTHER]
        told["splits"][split] |= _figures(read) | {
            "own": _own(said, notes),
            "unread": sum(not is_read(text) for text in about),
            "nearest_median": Nearness(about, embedder).nearest,
        }
        _note(paired, "cues", split, read)
    return {
        **told,
        "thresholds": _thresholds(splits, embedder),
        **provenance(SEED),
        "paired": paired.told(),
    }


def of_model(splits: Splits, model: ChatModel, watch: Watch = unwatched) -> dict[str, Any]:
    """The figures of the reader that asks a model.

    Raises:
        Unavailable: the model does not answer.
    """
    told = _told(splits, {"reader": "model", "model": model.name})
    paired = Paired()
    for split, said in splits.items():
        notes, failed = by_model([one.text for one in said], model, watch)
        read = Read(said, notes, sum(failed))
        told["splits"][split] |= _figures(read) | {"failed": read.failed, "values": _values(read)}
        _note(paired, model.name, split, read)
    return {**told, **provenance(SEED), "paired": paired.told()}


def _told(splits: Splits, how: Mapping[str, str]) -> dict[str, Any]:
    lines = [
        f"{split}: {one.aspect} {one.value} {one.text}" for split, said in splits.items() for one in said
    ]
    return {
        "schema": SCHEMA,
        "data": {"sha256": digest(lines)},
        **how,
        "splits": {split: {"sentences": len(said)} for split, said in splits.items()},
    }


def _figures(read: Read) -> dict[str, Any]:
    true, found = flags([{one.aspect} for one in read.said]), flags(read.found)
    other = [not some for one, some in zip(read.said, read.found, strict=True) if one.aspect == OTHER]
    return {
        "about": int(true.any(axis=1).sum()),
        "other": len(other),
        "left_alone": sum(other) / len(other) if other else None,
        **over_all(true, found),
        "aspects": by_aspect(true, found),
        "confusion": _confusion(read),
    }


def _own(said: Sequence[Said], notes: Sequence[Sequence[Note]]) -> dict[str, int]:
    """How many sentences near to no aspect are kept as facts, since their user speaks of themselves."""
    kept = [one.aspect for one, some in zip(said, notes, strict=True) if any(note.shown for note in some)]
    return {"about": sum(aspect != OTHER for aspect in kept), "other": kept.count(OTHER)}


def _confusion(read: Read) -> dict[str, dict[str, int]]:
    """By true aspect, how often each was found; sentences in which several were found count in each."""
    told: dict[str, dict[str, int]] = {}
    for name in (*ASPECTS, OTHER):
        rows = [some for one, some in zip(read.said, read.found, strict=True) if one.aspect == name]
        if rows:
            told[name] = {about: sum(about in some for some in rows) for about in ASPECTS}
            told[name][NOTHING] = sum(not some for some in rows)
    return told


def _values(read: Read) -> dict[str, Any]:
    """Of the sentences whose aspect was found, in how many its value was too, and no other one.

    Aspects with one value alone are left out, and sentences of which nobody says which value they are for.
    """
    pairs = [
        (one.value, {note.value for note in notes if note.aspect == one.aspect})
        for one, notes in zip(read.said, read.notes, strict=True)
        if one.value and any(len(ASPECTS[name].values) > 1 for name in ASPECTS if name == one.aspect)
    ]
    found = [some == {value} for value, some in pairs if some]
    return {
        "sentences": len(pairs),
        "found": len(found),
        "accuracy": sum(found) / len(found) if found else None,
    }


def _thresholds(splits: Splits, embedder: Embedder) -> dict[str, Any]:
    """Micro averages at other thresholds, one changed at a time."""
    tried = [(near, cues.CLEAR) for near in sorted({*NEARS, cues.NEAR})]
    tried += [(cues.NEAR, clear) for clear in sorted({*CLEARS, cues.CLEAR})]
    rows: dict[tuple[float, float], dict[str, Any]] = {pair: {} for pair in tried}
    for split, said in splits.items():
        nearness = Nearness([one.text for one in said], embedder)
        true = flags([{one.aspect} for one in said])
        for (near, clear), row in rows.items():
            found = over_all(true, flags(nearness.found(near, clear)))["micro"]
            row[split] = {rate: found[rate] for rate in ("precision", "recall")}
    return {
        "near": cues.NEAR,
        "clear": cues.CLEAR,
        "tried": [{"near": near, "clear": clear, "splits": row} for (near, clear), row in rows.items()],
    }


def _note(paired: Paired, reader: str, split: str, read: Read) -> None:
    """Whether its aspect was found in each sentence, and whether each of no aspect was left alone."""
    for one, found in zip(read.said, read.found, strict=True):
        if one.aspect == OTHER:
            paired.note(f"left alone {reader}, {split}", [one.text], [not found])
        else:
            paired.note(f"recall {reader}, {split}", [one.text], [one.aspect in found])

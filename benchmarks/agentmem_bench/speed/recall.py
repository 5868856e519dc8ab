"""Recall from banks of several sizes: warm by stage, cold in a fresh process, on disk and in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from agentmem_bench import fresh
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.speed import banks, bare, corpus
from agentmem_bench.speed.disk import put_out_of_memory
from agentmem_bench.speed.place import Place

PROBE = f"{__package__}.recall_probe"
ASKED, WARM = 300, 30
"""Questions that are measured, and those before them that are not."""
OPENED = 3
"""Cold opens; the median counts."""
LONG_SECONDS = 20
"""A bank whose cold open takes longer is opened once, and not from the disk."""
PERCENTILES = (50, 95, 99)
STAGES = ("refresh", "candidates", "fuse", "load")
"""What a recall above the embedding of its question is made of, and a `rest`."""


def measure(place: Place, sizes: Sequence[int], watch: Watch = unwatched) -> dict[str, Any]:
    """Each size's figures, by size."""
    told = {}
    for done, size in enumerate(sizes):
        watch("recall", done, len(sizes))
        told[str(size)] = _one(place, banks.one(place, size, watch))
    watch("recall", len(sizes), len(sizes))
    return told


def _one(place: Place, bank: banks.Filled) -> dict[str, Any]:
    # Hardly any other questions are in memory, in whichever size.
    asked = corpus.questions(place.real.texts, OPENED + 1 + WARM + ASKED, place.seed, bank.records)
    first, asked = asked[: OPENED + 1], asked[OPENED + 1 :]
    given = {
        "vectors": str(corpus.vectors_file(place.folder)),
        "seed": place.seed,
        "bank": str(bank.path),
        "namespace": banks.NAMESPACE,
        "warm": [],
        "asked": [],
    }
    read = bare.read_all(bank.path)
    runs = [
        fresh.ask(
            PROBE,
            {**given, "first": first[0], "warm": asked[:WARM], "asked": asked[WARM:]},
        )
    ]
    if _opened(runs[0]) <= LONG_SECONDS:
        runs += [fresh.ask(PROBE, {**given, "first": question}) for question in first[1:OPENED]]
    from_disk = None
    if _opened(runs[0]) <= LONG_SECONDS and put_out_of_memory(bank.files):
        from_disk = _opened(fresh.ask(PROBE, {**given, "first": first[-1]}))
    return {
        "fill": {
            "append_per_s": round(bank.records / bank.append_seconds, 1),
            "embed_per_s": round(bank.records / bank.embed_seconds, 1),
        },
        **_warm(runs[0]),
        "cold": {
            "imports_s": _median(run["imports"] for run in runs),
            "open_s": _median(run["open"] for run in runs),
            "first_recall_s": _median(run["first"] for run in runs),
            "s": _median(_opened(run) for run in runs),
            "slowest_of_the_next_s": round(runs[0]["slowest_warm"], 4),
            "runs": len(runs),
            "from_disk_s": None if from_disk is None else round(from_disk, 4),
            "sqlite_reads_all_s": round(read.seconds, 4),
        },
        "disk": {"bytes": bank.size, **{k: v for k, v in asdict(read).items() if k != "seconds"}},
        "memory": {
            "before_bytes": runs[0]["before"],
            "above_bytes": runs[0]["after"] - runs[0]["before"],
            "peak_above_bytes": runs[0]["peak"] - runs[0]["before"],
            "end_above_bytes": runs[0]["end"] - runs[0]["before"],
        },
    }


def _opened(run: dict[str, Any]) -> float:
    return float(run["open"] + run["first"])


def _median(values: Iterable[float]) -> float:
    return round(float(median(values)), 4)


def _warm(run: dict[str, Any]) -> dict[str, Any]:
    by_stage: list[dict[str, float]] = run["by_stage"]
    above = [one["all"] - one.get("embed", 0.0) for one in by_stage]
    rest = [
        whole - sum(one.get(name, 0.0) for name in STAGES) for whole, one in zip(above, by_stage, strict=True)
    ]
    stages = {name: [one.get(name, 0.0) for one in by_stage] for name in ("embed", *STAGES)} | {"rest": rest}
    return {
        "questions": len(by_stage),
        "nothing": run["nothing"],
        "ms": milliseconds(above, PERCENTILES),
        "stages_ms": {name: milliseconds(seconds, PERCENTILES) for name, seconds in stages.items()},
        "dense_alone_ms": milliseconds(run["dense"], PERCENTILES),
    }

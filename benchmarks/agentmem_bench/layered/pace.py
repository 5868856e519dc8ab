"""A layered memory of up to a million items over ten years: how fast it is filled, asked and advanced."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem.bank import Bank
from agentmem.records import Event
from agentmem_bench import fresh
from agentmem_bench.ingest import BATCH
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.speed import banks, corpus
from agentmem_bench.speed.place import Place, opened

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

SEED = 0
YEARS = 10
DAYS = round(365.25 * YEARS)
LAST = 30
"""Days at the end, which are lived through in the process that is measured."""
EVERY = timedelta(days=7)
"""Before, time is let pass so often."""
KINDS = ("news", "quarterly", "annual")
SHARES = (0.90, 0.08, 0.02)
RATED = 0.3
"""Share of items whose importance is told."""
QUESTIONS, WARM = 60, 5
PROBE = f"{__package__}.pace_probe"
SECONDS = 3_600.0
"""More than the process that is measured takes."""


@dataclass(frozen=True)
class Filled:
    """A bank on disk that has lived through all but the last days.

    Attributes:
        path: Where it is.
        items: How many there are in it.
        append_seconds: Durable appends.
        advance_seconds: Letting time pass, moves written down.
        embed_seconds: Synthetic vectors.
    """

    path: Path
    items: int
    append_seconds: float
    advance_seconds: float
    embed_seconds: float


def measure(sizes: Sequence[int], embedder: Embedder, watch: Watch = unwatched) -> dict[str, Any]:
    """Each size's figures, ascending."""
    rows = []
    with opened(None, embedder, SEED) as place:
        for size in sorted(set(sizes)):
            filled = fill(place, size, watch)
            rows.append(_row(place, size, filled))
            banks.remove(filled.path)
    return {"years": YEARS, "measured_days": LAST, "policy": "finmem", "rows": rows}


def _row(place: Place, size: int, filled: Filled) -> dict[str, Any]:
    said = corpus.questions(place.real.texts, WARM + QUESTIONS + LAST, place.seed, size)
    given = {
        "vectors": str(corpus.vectors_file(place.folder)),
        "seed": place.seed,
        "bank": str(filled.path),
        "namespace": banks.NAMESPACE,
        "asked": said,
        "days": str(days_file(place.folder, size)),
    }
    began = perf_counter()
    told = fresh.ask(PROBE, given, SECONDS)
    return {
        "items": size,
        "append_per_s": round(filled.items / filled.append_seconds),
        "embed_per_s": round(filled.items / filled.embed_seconds),
        "weekly_advance_s": round(filled.advance_seconds, 1),
        "fill_s": round(filled.append_seconds + filled.advance_seconds + filled.embed_seconds, 1),
        "probe_s": round(perf_counter() - began, 1),
        "disk_bytes": sum(file.stat().st_size for file in banks.files_of(filled.path)),
        **told,
    }


def fill(place: Place, size: int, watch: Watch = unwatched) -> Filled:
    """Observe all but the last days, with an advance each week; the last days go to a file for the probe."""
    path = place.folder / f"layered-{size}.db"
    banks.remove(path)
    events = items(place, size)
    count = size - size * LAST // DAYS
    appended = advanced = embedded = 0.0
    done, next_advance = 0, corpus.BEGIN + EVERY
    with Bank(path, embedder=place.embedder) as bank:
        store = bank.store("layered", banks.NAMESPACE)
        while batch := list(islice(events, min(BATCH, count - done))):
            began = perf_counter()
            store.observe(*batch, embed=False)
            appended += perf_counter() - began
            done += len(batch)
            watch(f"filling {size}", done, count)
            latest = batch[-1].happened
            if latest >= next_advance:
                began = perf_counter()
                bank.library.embed_waiting()
                middle = perf_counter()
                store.advance(latest)
                embedded, advanced = embedded + middle - began, advanced + perf_counter() - middle
                next_advance = latest + EVERY
        began = perf_counter()
        bank.library.embed_waiting()
        embedded += perf_counter() - began
    write_days(days_file(place.folder, size), events, corpus.BEGIN + timedelta(days=DAYS - LAST))
    return Filled(path, done, appended, advanced, embedded)


def items(place: Place, size: int) -> Iterator[Event]:
    """Items evenly over the years: most are news, some reports; the texts are put together anew."""
    chance = random.Random(f"layered {place.seed}")  # noqa: S311 - no secret
    step = timedelta(days=DAYS) / size
    for number, event in enumerate(corpus.turns(place.real.texts, size, place.seed)):
        data: dict[str, Any] = {"kind": chance.choices(KINDS, SHARES)[0]}
        if chance.random() < RATED:
            data["importance"] = chance.randrange(10, 100)
        yield event.model_copy(update={"time": corpus.BEGIN + number * step, "data": data, "actor": ""})


def days_file(folder: Path, size: int) -> Path:
    """Where the last days' items lie."""
    return folder / f"layered-{size}.json"


def write_days(file: Path, events: Iterator[Event], begin: datetime) -> None:
    """Write the items that are left by day, for the process that lives through them."""
    days: list[dict[str, Any]] = [
        {"now": (begin + timedelta(days=n + 1)).isoformat(), "events": []} for n in range(LAST)
    ]
    for event in events:
        place = min(max((event.happened - begin).days, 0), LAST - 1)
        days[place]["events"].append(event.model_dump(mode="json", exclude_defaults=True))
    file.write_text(json.dumps(days), encoding="utf-8")

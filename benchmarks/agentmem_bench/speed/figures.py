"""The figures to reach, each beside what was measured and the physical or library limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

RECALL_MS = {10_000: 3.0, 100_000: 6.0, 1_000_000: 25.0}
"""p50 of a recall above the embedding of its question, by records."""
TAIL = 3.0
"""p99 of a recall, in multiples of its p50."""
INGEST_SHARE = 0.9
WRITE_TIMES = 3.0
OPEN_SECONDS, OPEN_RECORDS = 2.5, 100_000
MEMORY_MB, MEMORY_RECORDS = 400.0, 100_000
SHELL_SECONDS, SHELL_RECORDS = 1.5, 10_000
ACCURACY = 0.98
MB = 1e6
FLAT = "FAISS IndexFlatIP"
ROWS = "SQLite, 20 rows by key"


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        name: What it is of.
        unit: Of value, target and limit.
        value: What was measured.
        target: What it must not exceed, or with `at_least` not fall under.
        limit_name: What bounds it, or does only the indispensable part of it.
        limit: That, measured in the same run; none where it was not.
    """

    name: str
    unit: str
    value: float
    target: float
    limit_name: str = ""
    limit: float | None = None
    at_least: bool = False

    def told(self) -> dict[str, Any]:
        """As JSON, with the ratio to the limit and whether the target is reached."""
        reached = self.value >= self.target if self.at_least else self.value <= self.target
        return {
            "figure": self.name,
            "unit": self.unit,
            "value": round(self.value, 4),
            "target": round(self.target, 4),
            "at": "least" if self.at_least else "most",
            "reached": reached,
            "limit": self.limit_name,
            "limit_value": None if self.limit is None else round(self.limit, 4),
            "ratio": None if not self.limit else round(self.value / self.limit, 3),
        }


def figures(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Every figure to reach that the parts of `result` measured."""
    found: list[Figure] = []
    for part, of in {
        "recall": _recall,
        "write": _write,
        "ingest": _ingest,
        "accuracy": _accuracy,
        "shell": _shell,
    }.items():
        if part in result:
            found += of(result)
    return [figure.told() for figure in found]


def _recall(result: dict[str, Any]) -> Iterator[Figure]:
    for records, target in RECALL_MS.items():
        told = result["recall"].get(str(records))
        if told is not None:
            ms = told["ms"]
            limit = _bare_recall(result, records)
            name = f"recall over {records:,} above embedding"
            yield Figure(f"{name}, p50", "ms", ms["p50"], target, "exact scan + 20 rows, bare", limit)
            yield Figure(f"{name}, p99 ÷ p50", "", ms["p99"] / ms["p50"], TAIL)
    told = result["recall"].get(str(OPEN_RECORDS))
    if told is not None:
        cold = told["cold"]
        name = f"open {OPEN_RECORDS:,} with the first recall"
        limit_name = "bare SQLite reads texts and vectors"
        yield Figure(name, "s", cold["s"], OPEN_SECONDS, limit_name, cold["sqlite_reads_all_s"])
    told = result["recall"].get(str(MEMORY_RECORDS))
    if told is not None:
        memory, disk = told["memory"], told["disk"]
        held = max(memory["above_bytes"], memory["end_above_bytes"]) / MB
        needed = (disk["text_bytes"] + disk["vector_bytes"]) / MB
        name = f"memory of {MEMORY_RECORDS:,} above the embedder"
        yield Figure(name, "MB", held, MEMORY_MB, "texts and vectors as they are kept", needed)


def _bare_recall(result: dict[str, Any], records: int) -> float | None:
    """Milliseconds of FAISS's exact scan and SQLite's load of rows together."""
    stores = result.get("peers", {}).get("stores", {})
    at = {name: told["sizes"].get(str(records), {}).get("ms") for name, told in stores.items()}
    if not at.get(FLAT) or not at.get(ROWS):
        return None
    return float(at[FLAT]["p50"] + at[ROWS]["p50"])


def _write(result: dict[str, Any]) -> Iterator[Figure]:
    ms = {name: told["p50"] for name, told in result["write"]["ms"].items()}
    target = WRITE_TIMES * ms["same_rows"]
    name = f"single durable write, p50, at most {WRITE_TIMES:.0f} × bare SQLite"
    yield Figure(name, "ms", ms["agentmem"], target, "the same rows in bare SQLite", ms["same_rows"])


def _ingest(result: dict[str, Any]) -> Iterator[Figure]:
    told = result["ingest"]
    target, limit = INGEST_SHARE * told["embedder_per_s"], told["embedder_per_s"]
    name = f"bulk ingest, {INGEST_SHARE:.0%} of the embedder's rate"
    yield Figure(name, "texts/s", told["per_s"], target, "the embedder alone", limit, at_least=True)


def _accuracy(result: dict[str, Any]) -> Iterator[Figure]:
    for size, told in result["accuracy"].items():
        name, worst = min(
            ((name, case["recall"]) for name, case in told["cases"].items()), key=lambda case: case[1]
        )
        title = f"top 10 of {int(size):,} vectors, worst case ({name})"
        yield Figure(title, "", worst, ACCURACY, "brute force", 1.0, at_least=True)


def _shell(result: dict[str, Any]) -> Iterator[Figure]:
    told = result["shell"]
    if told["records"] == SHELL_RECORDS:
        name = f"agentmem recall in the shell over {SHELL_RECORDS:,}"
        limit = told["python_and_embedder_s"]
        yield Figure(name, "s", told["s"], SHELL_SECONDS, "Python and the embedder alone", limit)

"""The head of the page: what was measured, with what, and what came of it, in words and short tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentmem_bench.likebench.cast import PROBE
from agentmem_bench.likebench.report import PROBED

MODEL = (
    "These scores are given by a model: they are not to be mixed with scores of a scripted user and a "
    "rater by rule."
)
EXTRAS = {
    "decoys": "Decoys: replies that try to please the rater",
    "agreement": "Agreement of raters",
    "cost": "Cost",
}
"""What a result may hold besides, by its key, and the title of its table: the one place for more."""
REVISION = 10
"""Characters of a revision that are shown."""
REACHED = {True: "reached", False: "not reached", None: "not measured"}


@dataclass(frozen=True)
class Table:
    """A table of the page.

    Attributes:
        name: What stands above it, under the title of its panel; may be empty.
        columns: Their names; the first is of the names of rows.
        rows: A cell for each column.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def is_probe(result: Mapping[str, Any]) -> bool:
    """Whether a script talks, and rules rate."""
    return bool(result.get("mode") == PROBE)


def warning(result: Mapping[str, Any]) -> str:
    """What the scores are not to be mixed with."""
    return PROBED if is_probe(result) else MODEL


def facts(result: Mapping[str, Any], embedders: Sequence[str]) -> list[tuple[str, str]]:
    """What was measured and where, by name; what the result does not tell is left out."""
    seeds = result.get("seeds") or ()
    machine, git = result.get("machine") or {}, result.get("git") or {}
    versions = result.get("versions") or {}
    changed = ", with changes" if git.get("dirty") else ""
    cores = f", {machine['cores']} cores" if "cores" in machine else ""
    told = [
        ("suite", result.get("suite")),
        ("mode", result.get("mode")),
        ("user", result.get("user")),
        ("answers", result.get("answers")),
        ("rated", _raters(result)),
        ("personas", _personas(result.get("personas") or {})),
        ("seeds", ", ".join(str(seed) for seed in seeds)),
        ("sessions", _variants(result.get("variants") or {})),
        ("embedder", ", ".join(embedders)),
        ("dialogues", _count(result.get("dialogues"))),
        ("seconds", _count(result.get("seconds"))),
        ("agentmem", versions.get("agentmem")),
        ("revision", f"{git['revision'][:REVISION]}{changed}" if git.get("revision") else ""),
        ("machine", f"{machine.get('cpu', '')}{cores}"),
        ("system", machine.get("os")),
    ]
    return [(name, str(value)) for name, value in told if value]


def _raters(result: Mapping[str, Any]) -> str:
    raters, repeats = result.get("raters") or (), result.get("repeats", 1)
    named = " and ".join(raters) or str(result.get("rater", ""))
    return f"{named}, {repeats} times each" if repeats > 1 else named


def _personas(told: Mapping[str, Any]) -> str:
    count = told.get("count")
    whose = {
        "file": f"of the file {told.get('file')}",
        "generated": f"generated with seed {told.get('generated')}",
        "shipped": "shipped with the suite",
    }
    whence = next((words for key, words in whose.items() if key in told), "")
    return " ".join(part for part in ("" if count is None else str(count), whence) if part)


def _variants(told: Mapping[str, Any] | Sequence[str]) -> str:
    if not isinstance(told, Mapping):
        return ", ".join(told)
    return ", ".join(f"{name} ({turns} turns each)" for name, turns in told.items())


def _count(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def figures(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What came of it, as a value and what it is; what was not measured is left out."""
    best, bounds = result.get("best"), result.get("bounds")
    told: list[tuple[str, str]] = []
    if best:
        aims, reached = best["aims"], best["reached"]
        told += [
            (best["memory"], f"best memory, beside {best['baseline']}, the stronger history"),
            (f"{best['likability']:.1f}", f"its likability; aim {aims['likability']:.0f}: "
             f"{REACHED[reached['likability']]}"),
            (f"{best['above']:+.1f}", f"above {best['baseline']}; aim {aims['above']:+.0f}: "
             f"{REACHED[reached['above']]}"),
            ("–" if best["robustness"] is None else f"{best['robustness']:.2f}",
             f"noisy over clean; aim {aims['robustness']:.1f}: {REACHED[reached['robustness']]}"),
        ]  # fmt: skip
    if bounds:
        told += [(f"{bounds['none']:.1f} to {bounds['oracle']:.1f}", "from no memory to one that knows all")]
    return told


def extras(result: Mapping[str, Any]) -> list[tuple[str, list[Table]]]:
    """What the result holds besides: titles, each with its tables."""
    found = [(title, list(_tables("", result.get(key)))) for key, title in EXTRAS.items()]
    return [(title, tables) for title, tables in found if tables]


def _tables(name: str, value: Any) -> Iterator[Table]:
    """What a mapping holds: its plain values, its rows with the same columns, and mappings of rows."""
    if not isinstance(value, Mapping):
        return
    plain = [(str(key), _cell(one)) for key, one in value.items() if _is_plain(one)]
    if plain:
        yield Table(name, ("", "value"), plain)
    alike: dict[tuple[str, ...], list[tuple[str, Mapping[str, Any]]]] = {}
    for key, one in value.items():
        if not isinstance(one, Mapping) or _is_plain(one):
            continue
        if any(_is_plain(cell) for cell in one.values()):
            row = _flat(one)
            alike.setdefault(tuple(row), []).append((str(key), row))
        else:
            yield from _tables(f"{name} {key}".strip(), one)
    for columns, rows in alike.items():
        cells = [[key, *(_cell(row[column]) for column in columns)] for key, row in rows]
        yield Table(name, ("", *columns), cells)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the plain values of mappings within it."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if _is_plain(value):
            found[str(name).replace("_", " ")] = value
        elif isinstance(value, Mapping):
            found |= _flat(value)
    return found


def _is_estimate(value: Any) -> bool:
    return isinstance(value, Mapping) and "mean" in value and value.keys() <= {"mean", "ci95"}


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float) or _is_estimate(value)


def _cell(value: Any) -> str:
    if _is_estimate(value):
        ends = value.get("ci95")
        return _cell(value["mean"]) + (f" [{_cell(ends[0])} {_cell(ends[1])}]" if ends else "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)

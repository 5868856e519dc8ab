"""The result as tables, each with its sentence: the same for people on a console and for the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from agentmem_bench.scaling.forecast import DAY, GB, HOUR, SHARES
from agentmem_bench.tables import in_markdown

NONE = "-"
MOST = 1e7
"""From here on a number is written by its power of ten."""
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Shown(NamedTuple):
    """A table: its title, the sentence above it, the heads of its columns, and its rows."""

    title: str
    sentence: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables(result: Mapping[str, Any]) -> Iterator[Shown]:
    """All of them: the answer, then of each database what was measured and computed, then the simulation."""
    load, machine = result["load"], result["machine"]
    yield _short_answer(result)
    yield Shown(
        "The machine, and what is assumed.",
        "",
        ("what", "figure"),
        [
            ("machine", f"{machine['cpu']}, {machine['cores']} cores"),
            ("load average before the run", f"{result['load_before']}"),
            ("the measurement took", _span(result["seconds"])),
            ("assumed: for indexes, disk", f"{_bytes(load['memory'])}, {_bytes(load['disk'])}"),
            ("assumed: processes that recall, a core each", f"{load['processes']}"),
            ("assumed: for a copy, an upgrade or a scrub", _span(load["window"])),
            ("assumed: for a list", _span(load["patience"])),
        ],
    )
    for measured in result["databases"]:
        name = NAMES[measured["database"]]
        yield from _measured(name, measured)
        yield from _computed(name, measured["forecast"], load)
    yield _simulated(result["simulated"], load)


def markdown(result: Mapping[str, Any]) -> str:
    """All tables in Markdown."""
    return "\n".join(_pieces(result))


def _pieces(result: Mapping[str, Any]) -> Iterator[str]:
    for shown in tables(result):
        yield f"**{shown.title}** {shown.sentence}".strip() + "\n"
        yield in_markdown(shown.heads, shown.rows)
        yield ""


def _short_answer(result: Mapping[str, Any]) -> Shown:
    load, databases = result["load"], result["databases"]
    wholes = [one["forecast"]["whole"] for one in databases]
    nine_in_ten = _same(wholes[0]["memory_for"])[1]
    firsts = [one["forecast"]["limits"][0] for one in databases]
    asked = f"{load['records']:,.0f} records over {load['namespaces']:,.0f} namespaces"
    return Shown(
        f"What {asked} take in one bank, extrapolated.",
        "",
        ("what", *(NAMES[one["database"]] for one in databases)),
        [
            ("disk", *(_bytes(sum(one["disk"].values())) for one in wholes)),
            (
                "memory in which 9 recalls of 10 find their index",
                *(_bytes(one["memory_for"][nine_in_ten]) for one in wholes),
            ),
            ("all records written in bulk", *(_span(one["days_to_append"] * DAY) for one in wholes)),
            ("all texts embedded, by one process", *(_span(one["days_to_embed"] * DAY) for one in wholes)),
            ("a recall, its index in memory", *(f"{one['recall'] * 1e3:.1f} ms" for one in wholes)),
            (
                "a recall, its index not in memory",
                *(f"{(one['recall'] + one['opening']) * 1e3:,.1f} ms" for one in wholes),
            ),
            ("the first limit", *(one["name"] for one in firsts)),
            ("records at the first limit", *(f"{one['records']:,.0f}" for one in firsts)),
        ],
    )


def _simulated(told: Mapping[str, Any], load: Mapping[str, Any]) -> Shown:
    return Shown(
        "Recalls that find their index in memory, simulated.",
        f"Of {told['recalls']:,} recalls the first half fills the cache and the other is counted; "
        f"namespaces of {load['records'] / load['namespaces']:,.0f} records, asked with Zipf's "
        f"exponent {load['exponent']:g}.",
        ("namespaces", "memory for indexes", "simulated", "by the forecast"),
        [
            (
                f"{one['namespaces']:,.0f}",
                _bytes(one["memory"]),
                f"{one['hits']:.1%}",
                f"{one['computed']:.1%}",
            )
            for one in told["caches"]
        ],
    )


def _measured(name: str, one: Mapping[str, Any]) -> Iterator[Shown]:
    last = one["growth"][-1]
    yield Shown(
        f"{name}: bytes of a record, measured.",
        f"Of {last['records']:,} records in {last['bytes'] / GB:.2f} GB, by table; the key's index too.",
        ("table", "rows", "indexes", "together"),
        _by_table(last),
    )
    yield Shown(
        f"{name}: writes as the bank grows, measured.",
        "A single write is durable when it returns; in bulk "
        f"{one['growth'][0]['records']:,} and more events are written in commits of 500.",
        ("records in the bank", "single write, p50", "p95", "in bulk", "vectors kept"),
        [
            (
                f"{step['records']:,}",
                f"{step['write_ms']['p50']:.2f} ms",
                f"{step['write_ms']['p95']:.2f} ms",
                f"{step['append_per_s']:,.0f}/s",
                f"{step['keep_vectors_per_s']:,.0f}/s",
            )
            for step in one["growth"]
        ],
    )
    yield Shown(
        f"{name}: recall by records of the namespace, measured.",
        "Above the embedding of the question, in a fresh process; the first recall builds the index. "
        "Resident is what the process grew by, with what building it left behind.",
        (
            "records of the namespace",
            *("first recall, p50", "again, p50", "p95", "its index", "a record", "resident"),
        ),
        [
            (
                f"{size['records']:,}",
                f"{size['first_ms']['p50']:,.1f} ms",
                f"{size['again_ms']['p50']:.2f} ms",
                f"{size['again_ms']['p95']:.2f} ms",
                _bytes(size["index_bytes"]),
                _bytes(size["index_bytes"] / size["records"]),
                _bytes(size["memory_bytes"]),
            )
            for size in one["recall"]
        ],
    )
    idle, copied = one["idle"], one["copy"]
    yield Shown(
        f"{name}: the rest, measured.",
        "",
        ("what", "figure"),
        [
            (
                f"durable writes by {one['together']['threads']} threads at once",
                f"{one['together']['per_s']:,.0f}/s",
            ),
            (f"texts of {one['embedding']['embedder']}", f"{one['embedding']['per_s']:,.0f}/s"),
            ("a namespace on disk, its events apart", f"{idle['bytes'] / idle['namespaces']:,.0f} bytes"),
            (
                f"a list of {idle['namespaces']:,} namespaces",
                f"{idle['listing_s'] * 1e3:.1f} ms",
            ),
            ("a copy of the bank", f"{copied['bytes_per_s'] / 1e6:,.0f} MB/s" if copied else NONE),
            ("a rewrite of all tables and indexes", f"{one['rewrite']['bytes_per_s'] / 1e6:,.0f} MB/s"),
        ],
    )


def _by_table(last: Mapping[str, Any]) -> list[tuple[str, ...]]:
    rows: dict[str, list[float]] = {}
    for part in last["parts"]:
        own = rows.setdefault(part["table"], [0.0, 0.0])
        own[part["name"] != part["table"]] += part["bytes"] / last["records"]
    told = [
        (table, *(f"{value:,.0f}" for value in (own, indexes, own + indexes)))
        for table, (own, indexes) in sorted(rows.items(), key=lambda row: -sum(row[1]))
        if own + indexes >= 1
    ]
    tables, others = (sum(sizes[side] for sizes in rows.values()) for side in (0, 1))
    return [*told, ("all", f"{tables:,.0f}", f"{others:,.0f}", f"{tables + others:,.0f}")]


def _computed(name: str, told: Mapping[str, Any], load: Mapping[str, Any]) -> Iterator[Shown]:
    whole = told["whole"]
    asked = f"{load['records']:,.0f} records over {load['namespaces']:,.0f} namespaces"
    yield Shown(
        f"{name}: {asked} in one bank, extrapolated.",
        f"Written over {load['days']:,.0f} days, {load['recalls']:g} recall for each write, "
        f"{load['peak']:g} times the mean at the peak.",
        ("what", "figure"),
        [
            *((f"disk: {what}", _bytes(size)) for what, size in whole["disk"].items()),
            ("disk: all", _bytes(sum(whole["disk"].values()))),
            ("index of one namespace in memory", _bytes(whole["index_bytes"])),
            ("writes, in the mean", f"{whole['writes']:,.1f}/s"),
            ("all records written in bulk", _span(whole["days_to_append"] * DAY)),
            ("all texts embedded, by one process", _span(whole["days_to_embed"] * DAY)),
            ("a recall, its index in memory", f"{whole['recall'] * 1e3:.1f} ms"),
            ("a recall, its index not in memory", f"{(whole['recall'] + whole['opening']) * 1e3:,.1f} ms"),
            (f"indexes in memory, of {_bytes(load['memory'])}, that are asked", f"{whole['hits']:.1%}"),
            (f"recalls by {load['processes']} processes", f"{whole['recalls']:,.0f}/s"),
            ("a backup", NONE if whole["copy_"] is None else _span(whole["copy_"])),
            ("an upgrade: copy and rewrite", _span(whole["upgrade"])),
            ("a scrub (VACUUM)", _span(whole["scrub"])),
            ("a list of all namespaces", _span(whole["listing"])),
        ],
    )
    yield Shown(
        f"{name}: memory for indexes, extrapolated.",
        "By how unevenly namespaces are asked (Zipf's exponent), for a share of recalls that find theirs.",
        (
            "exponent",
            *(f"{share:.0%} of recalls" for share in SHARES),
            f"found in {_bytes(load['memory'])}",
            "recalls",
        ),
        [
            (
                f"{one['exponent']:g}",
                *(_bytes(one["memory_for"][share]) for share in _same(one["memory_for"])),
                f"{one['hits']:.1%}",
                f"{one['recalls']:,.0f}/s",
            )
            for one in told["activity"]
        ],
    )
    yield Shown(
        f"{name}: what ends first, extrapolated.",
        "The records at which one bank reaches each limit, its namespaces growing in proportion.",
        ("limit", "needed", "there is", "times over", "records at it"),
        [
            (
                one["name"],
                f"{_short(one['needed'])} {one['unit']}",
                f"{_short(one['there'])} {one['unit']}",
                _short(one["times"]),
                _short(one["records"]),
            )
            for one in told["limits"]
        ],
    )
    yield Shown(
        f"{name}: the same over several banks, extrapolated.",
        "Namespaces go to banks by the hash of the tenant; each bank has a machine as above.",
        ("banks", "disk of each", "backup", "upgrade", "writes, all", "recalls, all", "still over"),
        [
            (
                f"{one['banks']}",
                _bytes(one["bytes"]),
                NONE if one["copy"] is None else _span(one["copy"]),
                _span(one["upgrade"]),
                f"{one['writes']:,.0f}/s",
                f"{one['recalls']:,.0f}/s",
                "; ".join(one["over"]) or "nothing",
            )
            for one in told["banks"]
        ],
    )


def _same(by_share: Mapping[Any, float]) -> Sequence[Any]:
    """The keys in order, which are text once the result was read from a file."""
    return sorted(by_share, key=float)


def _bytes(size: float) -> str:
    for unit, length in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= length:
            return f"{_short(size / length)} {unit}"
    return f"{size:,.0f} bytes"


def _short(value: float) -> str:
    if value >= MOST:
        return f"{value:.1e}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three figures


def _span(seconds: float) -> str:
    for unit, length in (("days", DAY), ("h", HOUR), ("min", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds:,.2f} s"

"""Retention: what a namespace keeps, by age, number and size; a sweep lets the rest leave, oldest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from agentmem.bank.archiving import move_out
from agentmem.bank.forgetting import ErasureReport
from agentmem.db import names, rules, sizes
from agentmem.errors import AgentMemError, InvalidInput
from agentmem.records import Namespace, Value, clean_namespace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from agentmem.bank.bank import Bank

SWEEP = "sweep"
"""The type of the event that is the trace of a sweep."""
AT_ONCE = 10_000
"""How many observations leave in one transaction, and go to one archive."""
LONGEST = 150
"""Bytes of a namespace in the name of an archive."""


class Retention(Value):
    """What a namespace, and those under it that have no rule of their own, keeps.

    What was put or corrected by operations that no observation caused (`put`, `correct`) stays.

    Attributes:
        max_age_days: Events recorded longer ago leave.
        max_events: Beyond so many observations the oldest leave.
        max_bytes: So that text and data of events, in UTF-8, are no more than this, the oldest leave.
        archive: The folder in which what leaves is written to a file first; none: it is forgotten for good.
    """

    max_age_days: float | None = Field(default=None, gt=0, le=1_000_000)
    max_events: int | None = Field(default=None, ge=0)
    max_bytes: int | None = Field(default=None, ge=0)
    archive: str | None = None


class Swept(Value):
    """What a sweep did in a namespace, or would do.

    Attributes:
        namespace: Where.
        rule: The rule in force there.
        events: How many observations left.
        operations: How many operations that they caused left with them; unknown before it is done.
        records: How many record versions went; unknown before it is done.
        archives: The files that they were written to.
    """

    namespace: Namespace
    rule: Retention
    events: int
    operations: int | None = None
    records: int | None = None
    archives: tuple[str, ...] = ()


class SweepStopped(AgentMemError):
    """A sweep that did not come to its end.

    Args:
        namespace: Where it stopped.
        swept: What had left until then, there too; it stays away.
        cause: What stopped it; what it was at stays.
    """

    def __init__(self, namespace: Namespace, swept: Sequence[Swept], cause: Exception) -> None:
        super().__init__(
            f"the sweep stopped in namespace {names.encode(namespace)!r}: {cause}",
            "`swept` tells what had left before; put right what stopped it, and sweep again",
            quotes=not isinstance(cause, AgentMemError) or cause.quotes,
        )
        self.namespace, self.swept, self.cause = namespace, tuple(swept), cause


def retain(bank: Bank, namespace: Namespace, rule: Retention | None) -> None:
    """See `Bank.retain`."""
    namespace = clean_namespace(namespace)
    if rule is not None and (rule.max_age_days, rule.max_events, rule.max_bytes) == (None, None, None):
        raise InvalidInput("the rule has no limit", "give an age, a number of events or a size")
    written = None if rule is None else rule.model_dump_json(exclude_none=True)
    bank.database.write(lambda transaction: rules.write(transaction.connection, namespace, written))


def retentions(bank: Bank) -> dict[Namespace, Retention]:
    """See `Bank.retentions`."""
    with bank.database.read() as connection:
        return {name: Retention.model_validate_json(rule) for name, rule in rules.every(connection).items()}


def in_force(known: Mapping[Namespace, Retention], namespace: Namespace) -> Retention | None:
    """The rule of `namespace`: its own, else that of the nearest namespace above it."""
    above = (namespace[:length] for length in range(len(namespace), 0, -1))
    return next((known[one] for one in above if one in known), None)


def sweep(bank: Bank, prefix: Namespace | None, *, dry_run: bool) -> list[Swept]:
    """See `Bank.sweep`."""
    known = retentions(bank)
    found: list[Swept] = []
    for namespace in bank.namespaces(prefix):
        rule = in_force(known, namespace)
        if rule is not None:
            swept = _foreseen(bank, namespace, rule) if dry_run else _swept(bank, namespace, rule, found)
            found += [swept] if swept.events else []
    return found


def _foreseen(bank: Bank, namespace: Namespace, rule: Retention) -> Swept:
    with bank.database.read() as connection:
        number = names.find(connection, namespace)
        beyond = _beyond(bank, connection, number, rule) if number is not None else []
    return Swept(namespace=namespace, rule=rule, events=len(beyond))


def _beyond(bank: Bank, connection: Connection, number: int, rule: Retention) -> Sequence[str]:
    age = rule.max_age_days
    return sizes.beyond(
        connection,
        number,
        recorded_before=None if age is None else bank.clock() - timedelta(days=age),
        most_events=rule.max_events,
        most_bytes=rule.max_bytes,
    )


def _swept(bank: Bank, namespace: Namespace, rule: Retention, before: Sequence[Swept]) -> Swept:
    """Let what is beyond leave.

    Raises:
        SweepStopped: something failed; it tells what left here, and `before` in other namespaces.
    """
    reports: list[ErasureReport] = []
    try:
        for report in _leaving(bank, namespace, rule):
            reports.append(report)
    except Exception as error:  # whatever it is, what has left must be told
        here = _summed(namespace, rule, reports)
        raise SweepStopped(namespace, [*before, here] if here.events else before, error) from error
    return _summed(namespace, rule, reports)


def _leaving(bank: Bank, namespace: Namespace, rule: Retention) -> Iterator[ErasureReport]:
    """Let what is beyond leave, so many at once that a writer need not wait for long."""
    folder = None if rule.archive is None else Path(rule.archive)
    target = None if folder is None else lambda: _file(bank, folder, namespace)

    def oldest(connection: Connection, number: int) -> Sequence[str]:
        return _beyond(bank, connection, number, rule)[:AT_ONCE]

    while (report := move_out(bank, namespace, oldest, SWEEP, target)).events:
        yield report


def _summed(namespace: Namespace, rule: Retention, reports: Sequence[ErasureReport]) -> Swept:
    return Swept(
        namespace=namespace,
        rule=rule,
        events=sum(len(report.events) for report in reports),
        operations=sum(len(report.operations) for report in reports),
        records=sum(report.records for report in reports),
        archives=tuple(report.archive for report in reports if report.archive is not None),
    )


def _file(bank: Bank, folder: Path, namespace: Namespace) -> Path:
    """A file of `folder` that is not there yet, named by namespace and time."""
    name = _short(names.encode(namespace).replace("/", "."))
    told = f"{name}.{bank.clock():%Y%m%dT%H%M%SZ}"
    n, file = 1, folder / f"{told}.jsonl"
    while file.exists():
        n += 1
        file = folder / f"{told}-{n}.jsonl"
    return file


def _short(name: str) -> str:
    """A name that every file system takes: of a long one the beginning, and a digest of all."""
    written = name.encode()
    if len(written) <= LONGEST:
        return name
    return f"{written[:LONGEST].decode(errors='ignore')}~{blake2b(written, digest_size=8).hexdigest()}"

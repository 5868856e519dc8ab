"""How records, hits, receipts and times are told to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from agentmem.cli.rendering import Cell, inline

if TYPE_CHECKING:
    from agentmem.records import Context, Hit, Pending, Receipt, Record, Version

LINE_CHARS = 300
"""Characters of a record's text that a list shows."""


def stamp(moment: datetime | None) -> str:
    """A UTC moment to the minute; a dash for none."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment is not None else "-"


def short(text: str, chars: int = LINE_CHARS) -> str:
    """`text` on one line, cut where it is longer than `chars`."""
    line = inline(text)
    return line if len(line) <= chars else f"{line[:chars].rstrip()} ..."


def head(record: Record) -> str:
    """When, who, and which record: `2025-06-08 16:02, Nadia, s08-t04`."""
    said = [stamp(record.time), record.actor, record.id]
    return ", ".join(part for part in said if part and part != "-") + marks(record)


def marks(record: Record) -> str:
    """What must be known beside a record's text: its state, and the time for which it holds."""
    said = [] if record.state == "live" else [record.state.value]
    said += [f"since {record.valid_from:%Y-%m-%d}"] if record.valid_from else []
    said += [f"until {record.valid_to:%Y-%m-%d}"] if record.valid_to else []
    return f" ({', '.join(said)})" if said else ""


def body(record: Record) -> str:
    """What a record says: its text, else its payload."""
    return record.text or (str(record.payload) if record.payload else "(no text)")


def parts(given: Mapping[str, float]) -> str:
    """Score parts, the largest first; those that are nothing are left out."""
    told = sorted(given.items(), key=lambda part: -abs(part[1]))
    return "  ".join(f"{name} {value:+.2f}" for name, value in told if f"{value:.2f}".strip("-") != "0.00")


def hits_table(hits: Sequence[Hit], *, with_parts: bool) -> tuple[list[str], list[list[Cell]]]:
    """Columns and rows for ranked hits."""
    rows: list[list[Cell]] = []
    for rank, hit in enumerate(hits, 1):
        told = [head(hit.record), short(body(hit.record))]
        if hit.alternatives:
            told.append(f"contradicted by {', '.join(hit.alternatives)}")
        if with_parts and hit.parts:
            told.append(parts(hit.parts))
        rows.append([str(rank), f"{hit.score:.2f}", told])
    return ["#", "score", "what"], rows


def summary(context: Context) -> str:
    """What a context holds, in one line."""
    said = f"{context.tokens} of {context.budget} tokens ({context.tokenizer}), {len(context.items)} pieces"
    cut = sum(item.cut for item in context.items)
    said += f", {cut} of them cut" if cut else ""
    reasons: dict[str, int] = {}
    for reason in context.left_out.values():
        reasons[reason] = reasons.get(reason, 0) + 1
    left = ", ".join(f"{n} for {reason}" for reason, n in sorted(reasons.items()))
    return said + (f"; left out: {left}" if left else "")


def receipt_line(receipt: Receipt) -> str:
    """What became of an event, in one line."""
    said = f"{receipt.status} {receipt.event_id}"
    said += f", masked: {', '.join(receipt.redacted)}" if receipt.redacted else ""
    if receipt.quarantined:
        said += f", out of recall until `agentmem review`: it {', '.join(receipt.quarantined)}"
    said += f", derived {receipt.derived}" if receipt.derived else ""
    said += f", spent {receipt.tokens_spent} tokens" if receipt.tokens_spent else ""
    said += f", pending in {', '.join(receipt.pending)}" if receipt.pending else ""
    return said + (f": {receipt.reason}" if receipt.reason else "")


def pending_table(items: Sequence[Pending]) -> tuple[list[str], list[list[Cell]]]:
    """Columns and rows for what stores have not interpreted yet."""
    from agentmem.cli.opening import path_of

    rows: list[list[Cell]] = [
        [
            item.state,
            str(item.attempts),
            item.store,
            path_of(item.namespace),
            [item.event_id, item.error or "-"],
        ]
        for item in items
    ]
    return ["state", "tries", "store", "namespace", "event"], rows


def versions_table(
    versions: Sequence[Version], chars: int = LINE_CHARS
) -> tuple[list[str], list[list[Cell]]]:
    """Columns and rows for a history, oldest first."""
    rows: list[list[Cell]] = []
    for version in versions:
        record = version.record
        told = [f"{record.id}@{record.version}{marks(record)}", short(body(record), chars)]
        if version.why:
            told.append(f"why: {version.why}")
        rows.append([stamp(version.recorded_at), version.operation, told])
    return ["recorded", "by", "what"], rows

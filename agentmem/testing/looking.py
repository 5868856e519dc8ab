"""Ways to look at a whole memory: its records, its journal, its answers, as values that can be compared."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from agentmem.bank import Bank
from agentmem.records import Link, Namespace, Record
from agentmem.stores.base import MemoryStore

BUDGET = 400
"""Tokens of the contexts that are compared."""


def snapshot(store: MemoryStore) -> tuple[dict[str, Record], list[Link]]:
    """All versions of a store's records by `id@version`, and the links that touch them."""
    current = [record for record in store.select() if record.state != "forgotten"]
    told = [version.record for record in current for version in store.history(record.id)]
    versions = {f"{record.id}@{record.version}": record for record in told}
    view = store.bank.view(store.namespace, store=store.shelf)
    links = view.links([record.id for record in current])
    return versions, sorted(links, key=lambda link: (link.source, link.type, link.target, link.from_seq))


def difference(
    before: tuple[dict[str, Record], list[Link]], after: tuple[dict[str, Record], list[Link]]
) -> str:
    """The first thing in which two snapshots differ, in words; empty where they are equal."""
    versions, again = before[0], after[0]
    for name in {**versions, **again}:
        if name not in again:
            return f"record {name} ({versions[name].text!r}) is gone"
        if name not in versions:
            return f"record {name} ({again[name].text!r}) is new"
        fields = dict(versions[name])
        changed = [field for field, value in dict(again[name]).items() if value != fields[field]]
        if changed:
            was, now = fields[changed[0]], getattr(again[name], changed[0])
            return f"record {name}: {changed[0]} was {was!r}, is {now!r}"
    if before[1] != after[1]:
        return f"links differ: {before[1]} against {after[1]}"
    return ""


def journal(bank: Bank, namespace: Namespace | None = None) -> list[dict[str, Any]]:
    """The events of an export, in order, as the export writes them."""
    return [line for line in map(json.loads, exported(bank, namespace)) if line["kind"] == "event"]


def exported(bank: Bank, namespace: Namespace | None = None) -> list[str]:
    """The lines of an export."""
    target = io.StringIO()
    bank.export(target, namespace)
    return target.getvalue().splitlines()


def answers(store: MemoryStore, questions: Sequence[str], at: datetime) -> dict[str, Any]:
    """What `store` answers, at one moment, as JSON: hits with scores, contexts, records, what is pending."""
    return {
        "hits": {
            text: [
                [hit.id, hit.record.version, hit.text, round(hit.score, 5)]
                for hit in store.recall(text, at=at, floor=False)
            ]
            for text in questions
        },
        "contexts": {text: store.synthesize(text, BUDGET, at=at, floor=False).text for text in questions},
        "records": [
            f"{record.id}@{record.version} {record.state}: {record.text}" for record in store.select()
        ],
        "pending": [[item.event_id, item.store, item.state] for item in store.pending()],
    }


def unlike(first: dict[str, Any], second: dict[str, Any]) -> str:
    """Where two sets of answers differ, in words; empty where they are equal."""
    for part, told in first.items():
        if told == second[part]:
            continue
        if isinstance(told, dict):
            text = next(text for text in told if told[text] != second[part][text])
            return f"{part} of {text!r}: {told[text]!r} against {second[part][text]!r}"
        return f"{part}: {told!r} against {second[part]!r}"
    return ""


def questions_of(texts: Sequence[str]) -> list[str]:
    """What to ask of a memory that was told `texts`: three of them, the newest, and something else."""
    return [*list(dict.fromkeys(texts))[:3], "", "What colour is the shed?"]

"""When items of a store expire: beside the journal, so that a read which keeps one alive writes little."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from agentmem.records import Namespace

if TYPE_CHECKING:
    from agentmem.bank import Bank

Place = tuple[Namespace, str]
"""Namespace and key of an item."""


class Expiry:
    """Times to live of the items under a root of a bank, in minutes from the last use.

    Args:
        bank: The bank.
        root: The root of the store's namespaces.
    """

    def __init__(self, bank: Bank, root: Namespace) -> None:
        self._bank = bank
        self._blobs = bank.blobs(f"ttl {json.dumps(root)}")

    def set(self, minutes: Mapping[Place, float | None]) -> None:
        """Let items live for so long from now; none: for good."""
        self.drop(place for place, lives in minutes.items() if lives is None)
        now = self._bank.clock()
        for lives in dict.fromkeys(lives for lives in minutes.values() if lives is not None):
            keys = [_key(place) for place, own in minutes.items() if own == lives]
            self._blobs.put(dict.fromkeys(keys, str(lives).encode()), _after(now, lives))

    def expired(self) -> dict[Place, datetime]:
        """What has expired and was not swept yet, and when it did."""
        found = self._blobs.expired().items()
        return {_place(key): entry.expires_at for key, entry in found if entry.expires_at is not None}

    def refresh(self, places: Collection[Place]) -> None:
        """Let items that were read live as long again; all in one write, and none where nothing expires."""
        entries = self._blobs.get([_key(place) for place in places])
        now = self._bank.clock()
        self._blobs.postpone({key: _after(now, float(entry.value)) for key, entry in entries.items()})

    def drop(self, places: Iterable[Place]) -> None:
        """Let items live for good, or be gone."""
        held = self._blobs.get([_key(place) for place in places], expired=True)
        if held:
            self._blobs.remove(held)


def _after(now: datetime, minutes: float) -> datetime:
    try:
        return now + timedelta(minutes=minutes)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _key(place: Place) -> str:
    return json.dumps([*place[0], place[1]], ensure_ascii=False)


def _place(key: str) -> Place:
    *namespace, name = json.loads(key)
    return tuple(namespace), name

"""Where time and ids come from: injected, so that tests and replays decide them."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid5

Clock = Callable[[], datetime]
NewId = Callable[[datetime], str]

RECORD_IDS = UUID("5f0c9b1e-6a35-5d0e-9f4e-2a6f1f4b7c11")


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class UuidV7:
    """Time-ordered ids (RFC 9562, version 7), rising also within one millisecond."""

    def __init__(self, randomness: random.Random | None = None) -> None:
        self._random = randomness or random.SystemRandom()
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self, now: datetime) -> str:
        """The next id; its first 48 bits are the milliseconds of `now`."""
        with self._lock:
            head = int(now.timestamp() * 1000) << 12
            head = self._last = max(head | self._random.getrandbits(11), self._last + 1)
        value = (head >> 12) << 80 | 7 << 76 | (head & 0xFFF) << 64 | 2 << 62 | self._random.getrandbits(62)
        return str(UUID(int=value))


def record_id(event_id: str, store: str, ordinal: int) -> str:
    """The id of the record that `store` derives from an event: a function of the three, so replays agree."""
    return str(uuid5(RECORD_IDS, f"{store}\x1f{ordinal}\x1f{event_id}"))

"""How much a client may ask: sizes, and calls in a time."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one holder of a token may ask.

    Attributes:
        bytes: Of one request.
        per_minute: Requests, in the long run; also of all those that come with no known token, together.
        burst: Requests at once, before that rate counts.
        seconds_body: Seconds in which a request must have come whole.
        connections: Requests that are served at a time, of all holders.
    """

    bytes: int = 1_000_000
    per_minute: int = 600
    burst: int = 100
    seconds_body: float = 30.0
    connections: int = 256

    @classmethod
    def of(cls, bytes: int, per_minute: int) -> Limits:
        """Those of a command line: of the requests of a minute, a sixth may come at once."""
        return cls(bytes=bytes, per_minute=per_minute, burst=max(1, per_minute // 6))


class Bucket:
    """A token bucket: it holds `burst` requests, and fills again by `per_minute`.

    Args:
        limits: How many.
        clock: Seconds that only grow.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = limits.per_minute / 60
        self._most = float(limits.burst)
        self._clock = clock
        self._held = self._most
        self._since = clock()
        self._lock = threading.Lock()

    def take(self) -> int:
        """Take one: 0, or in how many seconds there will be one."""
        with self._lock:
            now = self._clock()
            self._held = min(self._most, self._held + (now - self._since) * self._rate)
            self._since = now
            if self._held >= 1:
                self._held -= 1
                return 0
            return max(1, math.ceil((1 - self._held) / self._rate))

"""One thread in the background that never keeps a process alive."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)


class Worker:
    """Runs work in the order in which it came, in a daemon thread that starts with the first.

    Work that waits when the worker, or the process, ends is not done: whoever gave it keeps it elsewhere.
    """

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._due: set[Callable[[], object]] = set()
        self.closed = False

    def submit(self, work: Callable[[], object]) -> None:
        """Have `work` done soon; what it raises is logged."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="agentmem-derive", daemon=True)
                self._thread.start()
        self._work.put(work)

    def drain(self, timeout_seconds: float) -> bool:
        """Wait until all that was given so far is done; whether it was in time."""
        done = threading.Event()
        self.submit(done.set)
        return done.wait(timeout_seconds)

    def submit_once(self, work: Callable[[], object], after_seconds: float) -> None:
        """Have `work` done a moment later; asked for again before it begins, it is done once for all."""

        def begin() -> None:
            time.sleep(after_seconds)
            with self._lock:
                self._due.discard(work)
            if not self.closed:
                work()

        with self._lock:
            if work in self._due:
                return
            self._due.add(work)
        self.submit(begin)

    def close(self) -> None:
        """Begin nothing more; work that has begun ends by itself."""
        self.closed = True

    def _run(self) -> None:
        while not self.closed:
            work = self._work.get()
            if self.closed:
                return
            try:
                work()
            except Exception:  # the thread must go on with the work of others
                log.exception("work in the background failed")

"""One thread in the background that never keeps a process alive."""

from __future__ import annotations

import atexit
import queue
import threading
from collections.abc import Callable

from agentmem.logs import fields, in_log, logger

log = logger(__name__)
Work = Callable[[Callable[[], bool]], object]
"""Work that is told, by what it is given, whether it is to end."""


class Worker:
    """Runs work in the order in which it came, in a daemon thread that starts with the first.

    Work that waits when the worker, or the process, ends is not done: whoever gave it keeps it elsewhere.
    """

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._due: set[Work] = set()
        self._native = threading.RLock()
        self._closing = threading.Event()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closing.is_set()

    def submit(self, work: Callable[[], object]) -> None:
        """Have `work` done soon; what it raises is logged."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="agentmem-derive", daemon=True)
                self._thread.start()
                atexit.register(self.close)
        self._work.put(work)

    def drain(self, timeout_seconds: float) -> bool:
        """Wait until all that was given so far is done; whether it was in time."""
        done = threading.Event()
        self.submit(done.set)
        return done.wait(timeout_seconds)

    def submit_once(self, work: Work, after_seconds: float) -> None:
        """Have `work` done a moment later; asked for again before it begins, it is done once for all.

        Whoever closes the worker waits for its end, so that no native code runs on while the process ends.

        Args:
            work: Is given what says whether the worker is closed, and then is to end soon.
            after_seconds: How long the moment is.
        """

        def begin() -> None:
            self._closing.wait(after_seconds)
            with self._lock:
                self._due.discard(work)
            with self._native:
                if not self.closed:
                    work(self._closing.is_set)

        with self._lock:
            if work in self._due:
                return
            self._due.add(work)
        self.submit(begin)

    def close(self) -> None:
        """Begin nothing more; wait for what `submit_once` was given. Other work that has begun goes on."""
        self._closing.set()
        with self._native:
            atexit.unregister(self.close)

    def _run(self) -> None:
        while not self.closed:
            work = self._work.get()
            if self.closed:
                return
            try:
                work()
            except Exception as error:  # the thread must go on with the work of others
                log.error("work in the background failed: %s", in_log(error), extra=fields(error))  # noqa: TRY400

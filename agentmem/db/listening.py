"""Hears of others' changes on a server at once; whoever reads learns of them by the sequence in any case."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import Engine

from agentmem.logs import fields, in_log, logger

log = logger(__name__)
CHANNEL = "agentmem"
"""The name under which a server tells of commits."""
GLANCE = 0.2
"""Seconds after which a listener looks whether it is to end."""
AGAIN = 1.0
"""Seconds after which it connects again to a server that went away."""


class Listener:
    """A thread that calls back when something was committed: once for what comes meanwhile.

    A hint may be late, or lost with a connection: nothing may rest on it.

    Args:
        engine: Of the server.
        told: Is called, in that thread, after each hint and after each new connection.
    """

    def __init__(self, engine: Engine, told: Callable[[], object]) -> None:
        self._engine = engine
        self._told = told
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="agentmem-listen", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._closing.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(AGAIN + GLANCE)

    def _run(self) -> None:
        import psycopg

        given, options = self._engine.dialect.create_connect_args(self._engine.url)
        while not self._closing.is_set():
            try:
                with psycopg.connect(*given, **options, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._tell()
                    while not self._closing.is_set():
                        if list(connection.notifies(timeout=GLANCE, stop_after=1)):
                            self._tell()
            except psycopg.Error as error:
                log.debug("no hints of changes for now: %s", in_log(error), extra=fields(error))
                self._closing.wait(AGAIN)

    def _tell(self) -> None:
        try:
            self._told()
        except Exception as error:  # a hint is nothing that may end anything
            log.debug("a hint of changes was not followed: %s", in_log(error), extra=fields(error))

"""The numbers of namespaces in the database, remembered: they never change, only new ones come."""

from __future__ import annotations

from agentmem.db import names
from agentmem.db.database import Database
from agentmem.errors import NotFound
from agentmem.records import Namespace


def never_written(namespace: Namespace) -> NotFound:
    """The error for a namespace that is not there."""
    return NotFound(f"nothing was ever written to namespace {'/'.join(namespace)!r}", "see `agentmem stats`")


class Directory:
    """Numbers by namespace; safe for threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._own: dict[Namespace, int] = {}
        self._under: dict[Namespace, tuple[int, list[int]]] = {}

    def own(self, namespace: Namespace) -> list[int]:
        """The number of `namespace`; nothing where nothing was ever written to it."""
        number = self._own.get(namespace)
        if number is None:
            with self._database.read() as connection:
                number = names.find(connection, namespace)
            if number is None:
                return []
            self._own[namespace] = number
        return [number]

    def remembered(self, namespace: Namespace) -> int | None:
        """The number of `namespace`, where it was asked for before."""
        return self._own.get(namespace)

    def under(self, prefix: Namespace) -> list[int]:
        """The numbers of `prefix` and of all namespaces under it, ascending."""
        with self._database.read() as connection:
            last = names.last(connection)
            newest, numbers = self._under.get(prefix, (-1, []))
            if newest != last:
                numbers = sorted(names.every(connection, prefix))
                self._under[prefix] = (last, numbers)
        return numbers

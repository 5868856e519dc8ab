"""Opening the bank that a command is about: settings, file, namespace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.errors import InvalidInput, NotFound
from agentmem.faults import first_fault

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.config import Settings
    from agentmem.records import Namespace
    from agentmem.stores import MemoryStore

WRITE_FIRST = "write to it first (agentmem remember TEXT), or name another: --db PATH, AGENTMEM_DB"


@dataclass(frozen=True)
class Opened:
    """An open bank, and the namespace that the command line names."""

    bank: Bank
    namespace: Namespace

    @property
    def path(self) -> str:
        """The namespace as it is written on the command line."""
        return path_of(self.namespace)

    def known(self, scope: str = "own") -> Opened:
        """This, where something was ever written to the namespace (or, by scope, under it).

        Raises:
            NotFound: nothing was.
        """
        if self.bank.numbers(self.namespace, scope):
            return self
        there = ", ".join(path_of(one) for one in self.bank.namespaces()[:5]) or "none"
        raise NotFound(f"there is no namespace {self.path!r} in this bank", f"there are: {there}")

    @property
    def where(self) -> str:
        """The bank, as it was named, without a password."""
        from agentmem.bank.place import shown

        return shown(self.bank.settings.db)

    def store(self, name: str = "episodic", scope: str = "own") -> MemoryStore:
        """The store `name` over the namespace.

        Raises:
            NotFound: there is no such store, or nothing was ever written to the namespace.
        """
        from agentmem.bank.registry import spec_of

        bank = self.known(scope).bank
        if bank.numbers(self.namespace):
            return bank.store(name, self.namespace)
        return bank.make_store(spec_of(name), self.namespace)  # a read makes no namespace


def read_settings(db: str | None = None, namespace: str | None = None, model: str | None = None) -> Settings:
    """Settings, with what the command line says over them.

    Raises:
        InvalidInput: the environment or agentmem.toml holds what no setting can be.
    """
    import tomllib

    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from agentmem.config import Settings

    given: dict[str, Any] = {
        name: value
        for name, value in {"db": db, "namespace": namespace, "model": model}.items()
        if value is not None
    }
    try:
        return Settings(**given)
    except ValidationError as error:
        name, message, value = first_fault(error)
        raise InvalidInput(
            f"setting {name!r}: {message}, not {value!r:.60}",
            f"correct AGENTMEM_{name.upper()}, or {name} in agentmem.toml",
        ) from error
    except (SettingsError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(
            f"settings cannot be read: {error}", "correct agentmem.toml or AGENTMEM_*"
        ) from error


@contextmanager
def reading(db: str | None, namespace: str | None = None, model: str | None = None) -> Iterator[Opened]:
    """Open a bank that must be there.

    Raises:
        NotFound: there is none.
    """
    settings = read_settings(db, namespace, model)
    known_place(settings.db)
    with _opened(settings) as opened:
        yield opened


@contextmanager
def writing(db: str | None, namespace: str | None = None, model: str | None = None) -> Iterator[Opened]:
    """Open a bank, made now where there is none."""
    with _opened(read_settings(db, namespace, model)) as opened:
        yield opened


@contextmanager
def _opened(settings: Settings) -> Iterator[Opened]:
    from agentmem.bank import Bank
    from agentmem.db.names import decode

    log_as_set(settings)
    namespace = decode(settings.namespace)
    with Bank(settings.db, settings=settings) as bank:
        yield Opened(bank, namespace)


def known_place(db: str) -> None:
    """See to it that a file is there, where a bank is one.

    Raises:
        NotFound: it is not.
    """
    path = file_of(db)
    if path is not None and not (path.is_file() and path.stat().st_size):
        raise NotFound(f"there is no bank at {path}", WRITE_FIRST)


def file_of(db: str) -> Path | None:
    """The file of a bank's path or URL; none for a bank that is no file."""
    from agentmem.db import sqlite

    if not db:
        raise InvalidInput("the path of the bank is empty", "give one: --db PATH")
    if "://" not in db:
        return Path(db).expanduser()
    return sqlite.path_of(db) if db.startswith("sqlite:") else None


def path_of(namespace: Namespace) -> str:
    """A namespace as it is written on the command line."""
    from agentmem.db.names import encode

    return encode(namespace)


def log_as_set(settings: Settings) -> None:
    """Let what is logged be seen on stderr, as the settings say."""
    from agentmem.logs import to_stderr

    to_stderr(settings.log, settings.log_level)

"""What all tests share: no network, a clock that is moved by hand, ids from a seed, banks in files of their own.

No test calls out. A hook that cannot be taken off refuses whatever Python would send beyond this machine,
and fails the test though the error was swallowed. What the hook cannot see (native code, child processes)
is caught where this process may have a network of its own, as root on Linux: one that only has loopback.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import pytest

from agentmem.bank import Bank
from agentmem.bank.sources import UuidV7
from agentmem.config import Settings
from agentmem.db import schema
from agentmem.db.database import Database
from agentmem.db.tables import metadata
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.testing import HandClock, offline

OpenBank = Callable[..., Bank]

WRONG_SUMS = {
    "episodic+": "'episodic+' names no store on one side (write two names: profile+episodic)",
    "+episodic": "'+episodic' names no store on one side (write two names: profile+episodic)",
    "episodic+episodic": "'episodic+episodic' names 'episodic' twice (name each once: profile+episodic)",
    "episodic+moon": "no store 'moon' is installed (there are: ",
}

# An example's time says more of what else the machine does, and of what is loaded first, than of the code.
hypothesis.settings.register_profile(
    "agentmem", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("agentmem")

NETWORK_OF_ITS_OWN = offline.alone()
called_out = offline.shut()


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the test is in, with no setting in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("AGENTMEM_"):
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture(autouse=True)
def calls() -> Iterator[list[str]]:
    """What the test called out to; a test that does so on purpose empties the list."""
    yield called_out
    told, called_out[:] = list(called_out), []
    assert not told


@pytest.fixture(scope="session")
def network_of_its_own() -> bool:
    """Whether child processes and native code are cut off too."""
    return NETWORK_OF_ITS_OWN


@pytest.fixture(params=WRONG_SUMS)
def wrong_sum(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A sum of store names that means no memory, and how that is told wherever a memory is named."""
    return request.param, WRONG_SUMS[request.param]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="where `open_bank` keeps banks; on PostgreSQL only tests that use it are run",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database") == "sqlite":
        return
    kept = [item for item in items if "locate" in getattr(item, "fixturenames", ())]
    kept = [item for item in kept if item.get_closest_marker("on_file") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


ATTEMPTS = 3
"""To start a server."""
Locate = Callable[[Path], "Path | str"]


@pytest.fixture(scope="session")
def start_postgres() -> Callable[[Path], Any]:
    """Start a PostgreSQL server on a folder, or find the one that runs there."""

    def started(folder: Path) -> Any:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a folder for run-time files, which it does not need
            import pgserver
        for attempt in range(ATTEMPTS):
            try:
                return pgserver.get_server(folder, cleanup_mode="stop")
            except Exception:  # on a busy machine it may take longer to start than it is waited for
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    return started


@pytest.fixture(scope="session")
def servers() -> Iterator[Path]:
    """The folder of this session's servers. It is none of pytest's: each start of pytest shuts those to other
    users, and a server of root's is run by one.
    """
    with TemporaryDirectory(prefix="agentmem-servers-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres(start_postgres: Callable[[Path], Any], servers: Path) -> Iterator[Any]:
    """The PostgreSQL server of this session; it is never cut off from power, and need not wait for the disk."""
    running = start_postgres(servers / "shared")
    running.psql("ALTER SYSTEM SET fsync = off")
    running.psql("SELECT pg_reload_conf()")
    yield running
    running.cleanup()


@pytest.fixture(scope="session")
def create_database(postgres: Any) -> Iterator[Callable[[str], str]]:
    """Create a database on the server; its URL."""
    import psycopg

    uri = str(postgres.get_uri())
    with psycopg.connect(uri, autocommit=True) as connection:

        def create(name: str) -> str:
            connection.execute(f"CREATE DATABASE {name}")
            return uri.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")

        yield create


@pytest.fixture
def fresh_database(
    create_database: Callable[[str], str], request: pytest.FixtureRequest
) -> Callable[[str], str]:
    """Make a database of this test on the server, by any name, once; its URL. It goes with the server."""
    made: dict[str, str] = {}

    def made_(name: str) -> str:
        if name not in made:
            own = hashlib.sha256(f"{request.node.nodeid} {name}".encode()).hexdigest()[:24]
            made[name] = create_database(f"t{own}")
        return made[name]

    return made_


class Spare:
    """Databases with the tables of a bank and nothing in them: to make one for each test would take longer."""

    def __init__(self, create_database: Callable[[str], str]) -> None:
        self._create = create_database
        self._urls: list[str] = []
        self._made = 0

    def take(self) -> str:
        if self._urls:
            return self._urls.pop()
        self._made += 1
        url = self._create(f"spare{self._made}")
        Database(url).close()
        return url

    def give_back(self, url: str) -> None:
        """Empty one; where somebody still holds it, it is left behind."""
        import psycopg

        tables = ", ".join(f'"{name}"' for name in metadata.tables if name != "counter")
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            try:
                connection.execute("SET lock_timeout = 2000")
                connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")
                connection.execute("UPDATE counter SET value = 0")
                connection.execute("UPDATE alembic_version SET version_num = %s", (schema.HEAD,))
            except psycopg.errors.LockNotAvailable:
                return
        self._urls.append(url)


@pytest.fixture(scope="session")
def spare(create_database: Callable[[str], str]) -> Spare:
    return Spare(create_database)


@pytest.fixture
def locate(request: pytest.FixtureRequest) -> Iterator[Locate]:
    """Where the bank of a path is: that file, or a database on the server."""
    if request.config.getoption("--database") == "sqlite":
        yield lambda path: path
        return
    spare: Spare = request.getfixturevalue("spare")
    taken: dict[Path, str] = {}

    def located(path: Path) -> str:
        if path not in taken:
            taken[path] = spare.take()
        return taken[path]

    yield located
    for url in taken.values():
        spare.give_back(url)


@pytest.fixture
def open_bank(tmp_path: Path, clock: HandClock, locate: Locate) -> Iterator[OpenBank]:
    """Open a bank by the name of its file; the same name again is a second bank on the same file."""
    opened: list[Bank] = []

    def open_(name: str = "bank.db", **given: Any) -> Bank:
        given = {
            "embedder": HashingEmbedder(),
            "settings": Settings(embedder="hashing", screen=given.pop("screen", "redact")),
            "clock": clock,
            "new_id": UuidV7(random.Random(len(opened))),
            **given,
        }
        opened.append(Bank(name if "://" in name else locate(tmp_path / name), **given))
        return opened[-1]

    yield open_
    for bank in opened:
        bank.close()


@pytest.fixture
def bank(open_bank: OpenBank) -> Bank:
    return open_bank()


Tamper = Callable[..., None]


@pytest.fixture
def tamper() -> Tamper:
    """Change what a bank's database holds behind its back; values stand for question marks."""

    def tampered(bank: Bank, statement: str, *values: object) -> None:
        database = bank.database
        if database.engine.dialect.name == "postgresql":
            statement = statement.replace("?", "%s")
        with (
            database.engine.connect().execution_options(**database.dialect.WRITING) as connection,
            connection.begin(),
        ):
            assert connection.exec_driver_sql(statement, values).rowcount, "nothing was tampered with"

    return tampered

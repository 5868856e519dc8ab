"""The folder of a run: what it is, its bank, its episodes, what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import ClassVar, TypeVar

from pydantic import ValidationError

from agentmem.agents.trace import RESULT, Result, write_whole
from agentmem.errors import Conflict, Damaged, NotFound, Unavailable
from agentmem.records import Value
from agentmem.runs.claiming import claim
from agentmem.runs.spec import RunSpec

RUN, BANK, EPISODES, SUMMARY, LOCK = "run.json", "memory.db", "episodes", "summary.json", "run.lock"
HOME = Path("runs")
"""Where runs are kept that are not told where."""
_UNFIT = re.compile(r"[^A-Za-z0-9._=-]+")
Known = TypeVar("Known", bound=Value)


class Folder:
    """A run on disk, of whatever kind.

    Args:
        path: Its folder.
    """

    run: ClassVar[str]
    """The file that says what is run."""
    beside: ClassVar[tuple[str, ...]] = ()
    """The files that are written before that one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def bank(self) -> Path:
        """The file of its bank."""
        return self.path / BANK

    @property
    def is_one(self) -> bool:
        """Whether a run is kept there."""
        return (self.path / self.run).exists()

    def write(self, spec: Value, beside: Mapping[str, str]) -> None:
        """Make it the folder of a run.

        Args:
            spec: What is run; it is written last, and makes the folder a run's.
            beside: The texts of the other files, by name.

        Raises:
            Conflict: something is there.
        """
        if self.is_one:
            raise Conflict(f"{self.path} holds a run already", f"go on with it: --resume {self.path}")
        if self.path.exists() and (not self.path.is_dir() or any(map(self._is_strange, self.path.iterdir()))):
            raise Conflict(f"{self.path} is there already, and holds no run", "give another folder")
        self.path.mkdir(parents=True, exist_ok=True)
        for name, text in beside.items():
            write_whole(self.path / name, text)
        write_whole(self.path / self.run, spec.model_dump_json(indent=2) + "\n")

    def _is_strange(self, file: Path) -> bool:
        """Whether a file is none that a process leaves which is killed while it begins a run."""
        return file.name.removesuffix(".part") not in (*self.beside, self.run)

    @contextmanager
    def held(self) -> Iterator[None]:
        """While this process plays it, no other one does.

        Raises:
            Unavailable: another one is at it.
        """
        with (self.path / LOCK).open("a") as lock:
            if not claim(lock):
                raise Unavailable(
                    f"another process plays the run in {self.path}", "wait for its end, or end it"
                )
            yield


class RunFolder(Folder):
    """A run of episodes on disk."""

    run = RUN

    def episode(self, number: int) -> Path:
        """The folder of an episode."""
        return self.path / EPISODES / f"{number:03d}"

    def begin(self, spec: RunSpec) -> None:
        """Make it the folder of a run; where it is that of the same run already, nothing is to be done.

        Raises:
            Conflict: something else is there.
        """
        if self.is_one:
            if self.spec() != spec:
                raise Conflict(f"{self.path} holds another run", "give another folder, or move it away")
            return
        self.write(spec, {})

    def spec(self) -> RunSpec:
        """What is run.

        Raises:
            NotFound: no run is kept there.
            Damaged: what is kept there is no run.
        """
        return read_json(self.path / RUN, RunSpec, "run")

    def result(self, episode: int) -> Result | None:
        """What became of an episode; none: it was not played to an end.

        Raises:
            Damaged: it cannot be read.
        """
        file = self.episode(episode) / RESULT
        return read_json(file, Result, "result") if file.exists() else None


def read_json(file: Path, kind: type[Known], what: str) -> Known:
    """A value from its file.

    Raises:
        NotFound: there is none.
        Damaged: it is none of this kind.
    """
    try:
        return kind.model_validate_json(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(
            f"there is no {what} in {file.parent}: it has no {file.name}", "name the folder of one"
        ) from error
    except (ValidationError, UnicodeDecodeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": "no UTF-8"}
        where = ".".join(map(str, first["loc"])) or "as a whole"
        raise Damaged(
            f"{file} is no {what} of this version ({where}: {first['msg']})",
            "begin it anew in another folder",
        ) from error


def new_folder(name: str, now: datetime) -> Path:
    """A folder under `runs` that is not there yet, named by what is run and when.

    Args:
        name: What is run.
        now: The time.
    """
    stem = f"{fit(name)}-{now:%Y%m%d-%H%M%S}"
    path, number = HOME / stem, 1
    while path.exists():
        number += 1
        path = HOME / f"{stem}-{number}"
    return path


def fit(name: str) -> str:
    """A name as a folder can have it."""
    return _UNFIT.sub("-", name).strip("-.")[:120] or "run"

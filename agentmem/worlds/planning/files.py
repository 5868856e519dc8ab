"""Worlds from PDDL files: one domain, one or many problems, and sentences for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from agentmem.errors import NotFound
from agentmem.worlds.planning.facts import natural
from agentmem.worlds.planning.problem_file import load_domain, load_problem
from agentmem.worlds.planning.texts import load_texts
from agentmem.worlds.planning.world import PlanningWorld

NAME = "pddl"
_IS_DOMAIN = re.compile(r"\(\s*define\s*\(\s*domain\b", re.IGNORECASE)


def open_pddl(
    domain: Path, problems: Iterable[Path], texts: Path | None = None, *, seconds: float = 60.0
) -> list[PlanningWorld]:
    """The worlds of PDDL files.

    Args:
        domain: The file of the domain.
        problems: Files of problems, and folders: all `.pddl` in them that is no domain.
        texts: A YAML file of sentences; none: sentences from names, and everything is seen.
        seconds: How long each may look for a reference plan.

    Returns:
        One for each problem, called `pddl/FILE` without its ending.

    Raises:
        NotFound: a file does not exist, or a folder has no problem.
        FormatError: a file is not what it should be; names it, and the line.
    """
    shared = load_domain(domain)
    worlds = []
    for path in problem_files(problems):
        problem = load_problem(path, shared)
        said = load_texts(texts, problem) if texts else None
        worlds.append(PlanningWorld(problem, said, f"{NAME}/{path.stem}", seconds=seconds))
    return worlds


def problem_files(paths: Iterable[Path]) -> list[Path]:
    """The files of problems: those that are named, and those in folders, in the order of their numbers.

    Raises:
        NotFound: a path does not exist, or a folder has no problem.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = [one for one in path.glob("*.pddl") if not _is_domain(one)]
        if not inside:
            raise NotFound(f"the folder {path} has no PDDL problem", "give one with `.pddl` files")
        found += sorted(inside, key=lambda one: natural(("", one.stem)))
    return found


def _is_domain(path: Path) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace")
    return _IS_DOMAIN.search(re.sub(r";.*", "", text)) is not None

"""Small planning problems to test with, each a PDDL domain and problem beside this file."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from agentmem.worlds.planning import PlanningProblem, PlanningWorld, read_domain, read_problem, read_texts

DATA = Path(__file__).parent / "data"


@cache
def pddl(name: str) -> tuple[str, str]:
    domain, problem = (DATA / f"{name}-{part}.pddl" for part in ("domain", "problem"))
    return domain.read_text(encoding="utf-8"), problem.read_text(encoding="utf-8")


@cache
def problem_named(name: str) -> PlanningProblem:
    domain, problem = pddl(name)
    return read_problem(problem, read_domain(domain))


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def sources() -> Callable[[str], tuple[str, str]]:
    """The PDDL of a problem, by its name."""
    return pddl


@pytest.fixture(scope="session")
def problem_of() -> Callable[[str], PlanningProblem]:
    """A problem, by its name."""
    return problem_named


@pytest.fixture(scope="session")
def new_rooms() -> Callable[[], PlanningWorld]:
    """A new world in which much is out of sight."""
    texts = read_texts((DATA / "rooms-texts.yaml").read_text(encoding="utf-8"), problem_named("rooms"))
    return lambda: PlanningWorld(problem_named("rooms"), texts)

"""Planning worlds: PDDL as environments that are acted in by text."""

from agentmem.agents.matching import State
from agentmem.worlds.planning.domain_file import read_domain
from agentmem.worlds.planning.index import ApplicabilityIndex
from agentmem.worlds.planning.problem import PlanningProblem
from agentmem.worlds.planning.problem_file import load_domain, load_problem, read_problem
from agentmem.worlds.planning.sight import Sight, SightRule
from agentmem.worlds.planning.texts import Texts, default_texts, load_texts, read_texts
from agentmem.worlds.planning.world import PlanningWorld

__all__ = [
    "ApplicabilityIndex",
    "PlanningProblem",
    "PlanningWorld",
    "Sight",
    "SightRule",
    "State",
    "Texts",
    "default_texts",
    "load_domain",
    "load_problem",
    "load_texts",
    "read_domain",
    "read_problem",
    "read_texts",
]

"""Our own data: the ARC tasks that are solved here, in words, and the routines that their programs call."""

from __future__ import annotations

import ast

from agentmem_bench.concepts.data import Concept, Dataset, Parameter, Problem, Use


def own() -> Dataset:
    """Solved tasks as problems, the routines of the library as concepts.

    Raises:
        Unavailable: the tasks are not installed.
    """
    from agentmem.stores.concept.abstractors.code import called
    from agentmem.worlds.arc import solutions
    from agentmem.worlds.arc.describe import describe
    from agentmem.worlds.arc.dsl import LIBRARY
    from agentmem.worlds.arc.tasks import dataset

    tasks = {task.id: task for task in dataset("arcagi")}
    concepts = [
        Concept(
            id=routine.name,
            title=routine.title,
            description=routine.description,
            kind="routine",
            parameters=tuple(Parameter(name=one.name, type=one.type) for one in routine.parameters),
            output_type=routine.output,
        )
        for routine in LIBRARY.routines.values()
    ]
    ids = solutions.ids()
    return Dataset(
        problems=tuple(Problem(id=id, text=describe(tasks[id]).text) for id in ids),
        concepts=tuple(concepts),
        uses=tuple(
            Use(problem=id, concepts=tuple(called(ast.parse(solutions.program(id)), LIBRARY))) for id in ids
        ),
    )

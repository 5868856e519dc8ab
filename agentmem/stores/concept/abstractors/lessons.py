"""Lessons of successes and failures by a language model (ReasoningBank): what to do, and what to avoid."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from agentmem.stores.concept.abstractors.base import Draft, Memory
from agentmem.stores.concept.abstractors.by_model import ByModel
from agentmem.stores.concept.abstractors.refusing import refused
from agentmem.stores.concept.abstractors.repairing import Answers
from agentmem.stores.concept.abstractors.stating import statements
from agentmem.stores.concept.asking import Said, fenced, one_line, render, window_of
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.operations import LONGEST_TITLE, Operation, State
from agentmem.stores.concept.problems import Problem

MOST = 3
"""Lessons of a trace at most (ReasoningBank, appendix A: "at most 3 memory items")."""
KINDS = {True: "lesson of a success", False: "lesson of a failure"}


class LessonSaid(Said):
    """One lesson: its title, when it holds, and what it says."""

    title: str = ""
    when: str = ""
    lesson: str = ""


class LessonsSaid(Said):
    """What a model answers."""

    lessons: list[LessonSaid] = Field(max_length=MOST)


ANSWERS: Answers[LessonsSaid, LessonSaid] = Answers(
    LessonsSaid,
    lambda said: said.lessons,
    lambda lessons: LessonsSaid(lessons=lessons),
    lambda lesson: lesson.title or lesson.when,
)


class LessonAbstractor(ByModel):
    """A model draws up to three lessons from each trace, from failures too (ReasoningBank, section 3).

    A lesson is kept open-ended: when it holds is its situation, and title and lesson are the suggestion.
    """

    heeds_failures = True

    def abstract(self, problems: Sequence[Problem], memory: Memory) -> list[Draft]:
        """See `Abstractor`.

        Raises:
            Unavailable: the model does not answer.
            InvalidInput: a prompt does not fit its window.
        """
        return [Draft(operation, (problem,)) for problem in problems for operation in self._of(problem)]

    def _of(self, problem: Problem) -> list[Operation]:
        window = window_of(self._model)
        if not problem.text.strip() and not problem.solution.strip():
            return [refused(problem, "empty", "", "there is nothing to learn from")]
        prompt = render(
            "lessons",
            most=MOST,
            solved=problem.solved is not False,
            problem=fenced(problem.text, int(self._prompts.problem * window)),
            solution=fenced(problem.solution, int(2 * self._prompts.solution * window)),
        )
        kind = KINDS[problem.solved is not False]

        def stated(lesson: LessonSaid) -> State:
            when = one_line(lesson.when or lesson.title)[:LONGEST_TITLE].strip()
            title, text = one_line(lesson.title).rstrip(". :"), one_line(lesson.lesson)
            titled = bool(normal(title)) and normal(title) != normal(when)
            told = f"{title}: {text}" if titled and normal(text) else text
            return State(form="oe", title=when or None, kind=kind, description=told)

        return statements(self._model, prompt, ANSWERS, stated, problem, self._prompts, self._gates)

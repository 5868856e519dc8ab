"""What a command line says about answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agentmem.errors import InvalidInput

BUDGET = 1_500
"""Tokens of a context where no budget is named."""


@dataclass(frozen=True)
class Options:
    """How answers are measured.

    Attributes:
        answer: The model that answers, as `open_model` knows it.
        judge: The model that judges.
        budget: Tokens of a context.
        questions: How many, as a sample; none: all.
        rows: The file of rows; none: they are not kept.
    """

    answer: str
    judge: str
    budget: int = BUDGET
    questions: int | None = None
    rows: Path | None = None


def options(
    answer: str | None, judge: str | None, budget: int | None, questions: int | None, rows: Path | None
) -> Options | None:
    """The options of a command line; none where no model is to answer.

    Raises:
        InvalidInput: one of the models is named without the other, or an option stands without them.
    """
    given = {"--judge": judge, "--budget": budget, "--questions": questions, "--rows": rows}
    if answer is None:
        for name, value in given.items():
            if value is not None:
                raise InvalidInput(f"{name} without --answer", "name the model that answers: --answer MODEL")
        return None
    if judge is None:
        raise InvalidInput("--answer without --judge", "name the model that judges: --judge MODEL")
    return Options(answer, judge, BUDGET if budget is None else budget, questions, rows)

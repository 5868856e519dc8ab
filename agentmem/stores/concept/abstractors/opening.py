"""Write policies by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from agentmem.errors import InvalidInput
from agentmem.stores.concept.abstractors.base import Abstractor
from agentmem.stores.concept.abstractors.code import CodeAbstractor
from agentmem.stores.concept.abstractors.lessons import LessonAbstractor
from agentmem.stores.concept.abstractors.model import ModelAbstractor
from agentmem.stores.concept.abstractors.model_oe import OpenEndedAbstractor
from agentmem.stores.concept.abstractors.rules import RuleAbstractor
from agentmem.stores.concept.routines import library

if TYPE_CHECKING:
    from agentmem.models.base import ChatModel

ABSTRACTORS = ("none", "code", "model", "model-oe", "rules", "lessons")


def open_abstractor(name: str, library_name: str | None, model: Callable[[], ChatModel]) -> Abstractor:
    """The write policy of a name.

    Args:
        name: Of the policy.
        library_name: Of the library of routines that solutions are written of.
        model: Opens the language model.

    Raises:
        InvalidInput: there is none of that name, or it lacks its library.
    """
    if name == "code" and library_name:
        return CodeAbstractor(library(library_name))
    if name == "model":
        known = library(library_name).routines if library_name else ()
        return ModelAbstractor(model, known=tuple(known))
    if name == "model-oe":
        return OpenEndedAbstractor(model)
    if name == "rules":
        return RuleAbstractor(model)
    if name == "lessons":
        return LessonAbstractor(model)
    raise InvalidInput(f"there is no abstractor {name!r}", f"there are: {', '.join(ABSTRACTORS)}")

"""Asking a language model about problems and concepts: bounded and fenced texts in, checked values out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, Field, model_validator

from agentmem import prompts
from agentmem.errors import ModelOutputError
from agentmem.fence import clean, fence
from agentmem.logs import fields, logger
from agentmem.models.base import ChatModel, Message, Wrapper
from agentmem.records import Value
from agentmem.stores.concept.entry import Concept, compressed
from agentmem.stores.concept.naming import normal
from agentmem.synthesis.cut import ELLIPSIS
from agentmem.synthesis.render import inline
from agentmem.synthesis.tokens import MiniLMTokens

log = logger(__name__)
T = TypeVar("T", bound=BaseModel)

PACKAGE = "agentmem.stores.concept"
"""Whose prompts are asked."""
WINDOW = 8_192
"""Tokens of prompt and answer for a model that does not say how many it takes."""
TOKEN_CHARS = 8
"""Characters of a token at most, on the average: what has more is nothing that tokenizers know."""
LONGEST_FAULT = 400
"""Characters of what is wrong with an answer, as it is told and kept."""
LONGEST_SAID = 2_000
"""Characters of one text of an answer that are read: far more than a gate lets through."""


class PromptPolicy(Value):
    """How large a prompt may be: shares of the model's window, so that it never grows with the memory.

    The shares, the instructions, an answer and one that is asked for again fit the window together.

    Attributes:
        shortlist: Concepts that a prompt shows at most.
        line: Characters of each at most.
        known: The share of what a prompt shows of the memory.
        problem: Of the problem.
        solution: Of its solution, or of what stands for it.
        answer: Of the answer.
        repairs: How often what a gate keeps out is asked for once more.
        least_alike: Cosine of two texts from which on they may say the same.
        cutoff: Likeness of two names (`difflib`) from which on one is the other, misspelt.
    """

    shortlist: int = Field(default=24, ge=1)
    line: int = 240
    known: float = 0.15
    problem: float = 0.17
    solution: float = 0.17
    answer: float = 0.18
    repairs: int = Field(default=2, ge=0)
    least_alike: float = 0.7
    cutoff: float = 0.8


class Said(BaseModel):
    """Base of answers: what models write for nothing, or for a single thing, is taken for what it means."""

    @model_validator(mode="before")
    @classmethod
    def _taken(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        known = {str(name): value for name, value in given.items() if str(name) in cls.model_fields}
        return {
            name: _as_meant(value, cls.model_fields[name].annotation)
            for name, value in known.items()
            if value is not None
        }


def _as_meant(value: Any, annotation: Any) -> Any:
    if isinstance(value, list):
        return [clean(one) if isinstance(one, str) else one for one in value if one is not None]
    if isinstance(value, str):
        value = clean(value)
    elif annotation is str and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if get_origin(annotation) is list and isinstance(value, str | dict):
        return [value] if value else []
    return value


def render(name: str, **values: object) -> str:
    """A prompt of the concept memory."""
    return prompts.render(PACKAGE, name, **values)


def window_of(model: ChatModel) -> int:
    """Tokens of prompt and answer that a model takes, where it says so; else what most take."""
    while isinstance(model, Wrapper):
        model = model.model
    found = getattr(model, "window", None)
    return found if isinstance(found, int) and found > 0 else WINDOW


def excerpt(text: str, tokens: int) -> str:
    """`text`, cleaned; of a longer one its beginning and end, with a notice of what is left out between.

    Args:
        text: The text.
        tokens: How many it may have.
    """
    count = MiniLMTokens().count
    told = clean(text).strip()
    if len(told) <= TOKEN_CHARS * tokens and count(told) <= tokens:
        return told
    sample = told[: 4 * tokens]
    head = max(1, 2 * len(sample) * tokens // (3 * max(1, count(sample))))
    while True:
        tail = head // 2
        left = len(told) - head - tail
        made = f"{told[:head]}\n[… {left} characters left out …]\n{told[len(told) - tail :]}"
        if head <= 1 or (left > 0 and len(made) <= TOKEN_CHARS * tokens and count(made) <= tokens):
            return made if left > 0 else told[:tokens]
        head = head * 9 // 10


def fenced(text: str, tokens: int) -> str:
    """`text` as a prompt shows it: cut, and between lines that say that it is data."""
    return fence(excerpt(text, tokens))


def listed(concepts: Sequence[Concept], tokens: int, policy: PromptPolicy, label: str = "C") -> list[str]:
    """Concepts in a line each, numbered from 1, as many as there is room for: the first ones."""
    count = MiniLMTokens().count
    lines: list[str] = []
    for number, one in enumerate(concepts[: policy.shortlist], 1):
        line = f"{label}{number}. {clipped(compressed(one), policy.line)}"
        tokens -= count(line) + 1
        if tokens < 0:
            break
        lines.append(line)
    return lines


def clipped(text: str, most: int) -> str:
    """`text` on one line, and no longer than `most` characters."""
    line = inline(text[: 4 * most])
    return line if len(line) <= most else line[: most - len(ELLIPSIS)] + ELLIPSIS


def one_line(text: str) -> str:
    """A text of an answer, on one line: no more of it than a gate needs to see that it is too long."""
    return inline(text[:LONGEST_SAID])


def lines_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts of an answer, each on one line and once; those without words are left out."""
    found: dict[str, str] = {}
    for text in texts:
        line = one_line(text)
        if normal(line):
            found.setdefault(normal(line), line)
    return tuple(found.values())


def ask(model: ChatModel, messages: Sequence[Message], schema: type[T], tokens: int) -> T | str:
    """The answer as a value; what is wrong with it, where it is none twice.

    Raises:
        Unavailable: the model does not answer.
        InvalidInput: the prompt does not fit its window.
    """
    try:
        answer = model.complete(messages, schema=schema, max_tokens=tokens)
    except ModelOutputError as error:
        log.info("%s gave no usable answer, twice", model.name, extra={"model": model.name, **fields(error)})
        return clipped(str(error), LONGEST_FAULT)
    return answer.value if answer.value is not None else "it gave no value"


_NUMBERED = re.compile(r"\W*[A-Za-z]?(\d{1,4})(?:\W.*)?", re.DOTALL)


def meant(said: str, concepts: Sequence[Concept], policy: PromptPolicy) -> Concept | None:
    """The concept of a list that a model names: by its number, id, title or alias, or one much like them.

    Args:
        said: As the model wrote it: `C3`, `3`, `C3: draw a line`, `Draw lines`, `darw line`.
        concepts: Those that it was shown, in that order.
        policy: How much like a name.
    """
    by_name = {normal(name): one for one in reversed(concepts) for name in (*one.aliases[::-1], one.title)}
    by_id = {one.id: one for one in concepts}
    text = said[:LONGEST_SAID].strip()
    found = by_id.get(text) or by_name.get(normal(text))
    if found is not None:
        return found
    numbered = _NUMBERED.fullmatch(text)
    if numbered and 1 <= int(numbered[1]) <= len(concepts):
        return concepts[int(numbered[1]) - 1]
    if numbered and numbered.end(1) == len(text.rstrip(" .:)]")):
        return None
    near = get_close_matches(normal(text), [name for name in by_name if name], n=1, cutoff=policy.cutoff)
    return by_name[near[0]] if near else None

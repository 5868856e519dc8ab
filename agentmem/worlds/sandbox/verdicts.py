"""What became of a program: its answers, or why it has none. Read from bytes that nobody trusts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import JsonValue, ValidationError

from agentmem.records import Value

Reason = Literal["timeout", "memory", "output", "forbidden", "raised", "syntax", "bad answer", "died"]
"""Why there is no answer.

- `timeout`: it took more time, of the clock or of the processor, than it may.
- `memory`: it asked for more memory than it may.
- `output`: its answers, its text or its inputs are longer than they may be.
- `forbidden`: it tried what no program may: files, network, processes, modules that are not allowed.
- `raised`: it ended with an exception of its own.
- `syntax`: its text is no program.
- `bad answer`: it defines no such function, or what that gave is no JSON.
- `died`: its process ended without a word.
"""


class Answer(Value):
    """What a program gave for one input.

    Attributes:
        value: What it gave; none where there is a reason.
        reason: Why there is no answer; none: there is one.
        detail: The reason in words: exception, line of the program, limit.
    """

    value: JsonValue = None
    reason: Reason | None = None
    detail: str = ""


class Verdict(Value):
    """What became of a program.

    What it says of answers is what the program's own process claimed: a program can answer anything, and one
    that breaks out of Python can claim any reason. It cannot do more than that.

    Attributes:
        answers: One for each input, in order.
        reason: Why not all inputs have an answer: the first reason of those. Where all have one and the
            process was ended after that: why it was. None: all went well.
        detail: That reason in words.
        seconds: Of the clock, from the start of its process to its end.
        cpu_seconds: Of the processor.
    """

    answers: tuple[Answer, ...]
    reason: Reason | None = None
    detail: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether every input has an answer, and the program ended well."""
        return self.reason is None

    @property
    def outputs(self) -> tuple[JsonValue, ...]:
        """The answer for each input; none where there is no answer."""
        return tuple(answer.value for answer in self.answers)


class _Line(Value):
    """A line of a reply: an answer, or, at the end, what is said of the whole program."""

    answer: JsonValue = None
    reason: Reason | None = None
    detail: str = ""
    end: bool = False


def failed(inputs: int, reason: Reason, detail: str) -> Verdict:
    """A verdict without any answer."""
    return Verdict(answers=(Answer(reason=reason, detail=detail),) * inputs, reason=reason, detail=detail)


def verdict_of(
    reply: bytes,
    inputs: int,
    ended: tuple[Reason, str] | None,
    *,
    detail_characters: int,
    seconds: float = 0.0,
    cpu_seconds: float = 0.0,
) -> Verdict:
    """The verdict on a program from the bytes that its process left.

    Args:
        reply: Lines of JSON. Anything may stand in them: what is no line of a reply ends the reading.
        inputs: How many inputs there were.
        ended: Why its process was ended, in a word and in words; none: it ended by itself.
        detail_characters: What is kept of a detail.
        seconds: Of the clock.
        cpu_seconds: Of the processor.
    """
    answers: list[Answer] = []
    whole: tuple[Reason, str] | None = None
    closed = False
    for line in _lines(reply):
        if line.end:
            closed = True
            whole = (line.reason, line.detail[:detail_characters]) if line.reason else None
            break
        if len(answers) == inputs:
            break
        value = None if line.reason else line.answer
        answers.append(Answer(value=value, reason=line.reason, detail=line.detail[:detail_characters]))
    missing = whole or ended
    if missing is None and (not closed or len(answers) < inputs):
        missing = ("died", "its process ended without an answer")
    if whole is not None and whole[0] == "forbidden":
        return failed(inputs, *whole).model_copy(update={"seconds": seconds, "cpu_seconds": cpu_seconds})
    if missing is not None:
        rest = inputs - len(answers)
        answers += [Answer(reason=missing[0], detail=missing[1])] * rest
    first = _first_reason(answers) or missing
    return Verdict(
        answers=tuple(answers),
        reason=first[0] if first else None,
        detail=first[1] if first else "",
        seconds=seconds,
        cpu_seconds=cpu_seconds,
    )


def _first_reason(answers: Sequence[Answer]) -> tuple[Reason, str] | None:
    return next(((one.reason, one.detail) for one in answers if one.reason is not None), None)


def _lines(reply: bytes) -> Iterator[_Line]:
    """The lines of a reply, as far as they are such."""
    for text in reply.split(b"\n"):
        if not text:
            continue
        try:
            line = _Line.model_validate_json(text)
        except (ValidationError, ValueError, RecursionError):
            return
        if not _is_finite(line.answer):
            line = _Line(reason="bad answer", detail="the answer holds a number that is no JSON")
        yield line


def _is_finite(value: JsonValue) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return all(map(_is_finite, value.values())) if isinstance(value, dict) else True

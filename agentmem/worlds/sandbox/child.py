"""What the process of one program does: it defines the function, calls it for each input, and answers.

Everything here runs in the same address space as the program, which can change or imitate all of it. So a
reply is a claim, no more; see `verdicts`.
"""

from __future__ import annotations

import json
import math
import os
import sys
from types import ModuleType, TracebackType
from typing import Any

from agentmem.worlds.sandbox import guard

REPLY = 3
"""The descriptor of the reply."""
OUT_OF_MEMORY = 81
"""The status with which a process ends that has no memory left to say so."""
_FILE = "<program>"
_MODULE = "program"
_DEEPEST = 64
_NO_THREAD = "can't start new thread"


class _BadAnswerError(ValueError):
    """What a function gave is no JSON."""


def run_program(
    request: bytes, modules: tuple[str, ...], prelude: str | None, detail_characters: int
) -> None:
    """Run the program of a request and write the reply, a line for each input and one for the end.

    Args:
        request: JSON of `program`, `inputs` (each as JSON again), `function`, and `arrays`: whether lists are
            given as numpy arrays.
        modules: What it may import.
        prelude: One more.
        detail_characters: What is said of an exception.
    """
    asked = json.loads(request)
    name = asked["function"]
    tried: list[str] = []
    module = ModuleType(_MODULE)
    sys.modules[_MODULE] = module
    space = module.__dict__
    space.update(guard.public_names(prelude))
    space.pop(name, None)
    space["__builtins__"] = guard.builtins_for(modules, prelude)
    ending: dict[str, Any] = {"end": True}
    try:
        code = compile(asked["program"], _FILE, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, OverflowError) as error:
        _write(ending | _told(error, detail_characters) | {"reason": "syntax"})
        return
    guard.watch(tried)
    try:
        exec(code, space)  # noqa: S102  what the sandbox is for
        function = space.get(name)
        if not callable(function):
            ending |= {"reason": "bad answer", "detail": f"the program defines no function {name!r}"}
        else:
            for given in asked["inputs"]:
                _write(_answer(function, given, asked["arrays"], detail_characters))
    except BaseException as error:
        ending |= _told(error, detail_characters)
    if tried:
        ending |= {"reason": "forbidden", "detail": f"a program may not do this: {', '.join(tried[:3])}"}
    _write(ending)


def _answer(function: Any, given: str, arrays: bool, detail_characters: int) -> dict[str, Any]:
    """The line for one input."""
    try:
        value = json.loads(given)
        if arrays and isinstance(value, list):
            import numpy as np

            value = np.array(value)
        return {"answer": _plain(function(value))}
    except BaseException as error:
        return _told(error, detail_characters)


def _plain(value: Any, depth: int = 0) -> Any:
    """A value as JSON has it.

    Raises:
        _BadAnswerError: it is none.
    """
    if depth > _DEEPEST:
        raise _BadAnswerError("the answer is nested too deeply")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _BadAnswerError(f"the answer holds {float(value)}, which is no number in JSON")
        return float(value)
    if isinstance(value, str):
        return value.encode("utf-8").decode("utf-8")
    if isinstance(value, list | tuple):
        return [_plain(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one, depth + 1) for key, one in value.items()}
    if type(value).__module__.split(".")[0] == "numpy" and hasattr(value, "tolist"):
        return _plain(value.tolist(), depth + 1)
    raise _BadAnswerError(f"the answer holds {type(value).__name__}, which is no JSON")


def _told(error: BaseException, characters: int) -> dict[str, Any]:
    """What is said of an exception: a reason, and its name, message and line."""
    try:
        name = "" if isinstance(error, _BadAnswerError) else f"{type(error).__name__}: "
        message = error.msg if isinstance(error, SyntaxError) else error
        said = " ".join(f"{name}{message}".split())[:characters]
        line = _line(error)
        detail = f"line {line}: {said}" if line else said
    except BaseException:  # the program made the exception, and what it does when it is told
        detail = "an exception that cannot be told"
    return {"reason": _reason(error), "detail": detail.encode("utf-8", "replace").decode("utf-8")}


def _reason(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, PermissionError | guard.NotAllowed):
        return "forbidden"
    if isinstance(error, RuntimeError) and error.args == (_NO_THREAD,):
        return "forbidden"
    if isinstance(error, _BadAnswerError):
        return "bad answer"
    return "raised"


def _line(error: BaseException) -> int | None:
    """The line of the program at which an exception was raised, or at which it is no program."""
    at: TracebackType | None = error.__traceback__
    found = error.lineno if isinstance(error, SyntaxError) and error.filename == _FILE else None
    while at is not None:
        if at.tb_frame.f_code.co_filename == _FILE:
            found = at.tb_lineno
        at = at.tb_next
    return found


def _write(line: dict[str, Any]) -> None:
    try:
        text = json.dumps(line, allow_nan=False)
    except (ValueError, RecursionError) as error:
        text = json.dumps({"reason": "bad answer", "detail": str(error)[:100]})
    rest = memoryview(text.encode("ascii") + b"\n")
    while rest:
        rest = rest[os.write(REPLY, rest) :]

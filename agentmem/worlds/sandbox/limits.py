"""What a program may take, and what it may import."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from agentmem.records import Value

MIB = 1 << 20

MODULES = (
    "__future__",
    "abc",
    "array",
    "bisect",
    "cmath",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "heapq",
    "itertools",
    "json",
    "math",
    "numbers",
    "numpy",
    "operator",
    "queue",
    "random",
    "re",
    "statistics",
    "string",
    "textwrap",
    "time",
    "types",
    "typing",
)
"""What a program may import where nothing else is said: numpy, and modules that only compute."""


class SandboxLimits(Value):
    """What one program may take, all its inputs together.

    Attributes:
        cpu_seconds: Of computing; whole seconds, as the kernel counts them (RLIMIT_CPU).
        wall_seconds: From its start to its end.
        memory_bytes: That it may map, beyond what the process maps before it begins (RLIMIT_AS).
        output_bytes: Of its answers as JSON. What it prints goes nowhere and is not counted.
        program_bytes: Of its text (UTF-8).
        input_bytes: Of its inputs as JSON.
        detail_characters: What is kept of the message of an exception.
        modules: What it may import, with all that is below; the prelude comes on top.
    """

    cpu_seconds: Annotated[int, Field(ge=1, le=3600)] = 2
    wall_seconds: Annotated[float, Field(gt=0, le=7200, allow_inf_nan=False)] = 4.0
    memory_bytes: Annotated[int, Field(ge=16 * MIB, le=1 << 40)] = 512 * MIB
    output_bytes: Annotated[int, Field(ge=1 << 10, le=1 << 30)] = 1 * MIB
    program_bytes: Annotated[int, Field(ge=1, le=1 << 30)] = 1 * MIB
    input_bytes: Annotated[int, Field(ge=1, le=1 << 30)] = 16 * MIB
    detail_characters: Annotated[int, Field(ge=0, le=1 << 16)] = 300
    modules: tuple[str, ...] = MODULES

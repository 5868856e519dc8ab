"""Result files as `agentmem bench … --json` writes them, with the paired values that they hold."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agentmem.errors import FormatError, InvalidInput, NotFound
from agentmem_bench.compare.derived import DERIVED
from agentmem_bench.paired import Paired

SCHEMA = re.compile(r"agentmem\.bench\.(?P<benchmark>[\w.]+)/\d+")
OWN = "compare"
"""What comparisons themselves are called in their schema."""
SINGLE = ("langchain", "models", "speed")
"""Benchmarks that measure time and size once: no unit of theirs repeats."""
REMEDY = "give a file that `agentmem bench … --json` wrote"


@dataclass(frozen=True)
class Result:
    """A result file.

    Attributes:
        file: Its path.
        benchmark: Its benchmark, as its schema says.
        told: All of it.
        paired: Its paired values; none: it was written before there were any.
    """

    file: Path
    benchmark: str
    told: dict[str, Any]
    paired: Paired | None


def read(file: Path) -> Result:
    """Read a result file.

    Raises:
        NotFound: there is no such file.
        FormatError: it is no JSON, no result of ours, or its paired values are no numbers by unit.
        InvalidInput: it cannot be read.
    """
    told = _object(file)
    schema = told.get("schema")
    found = SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    if found is None:
        raise FormatError(f"{file} is no result of `agentmem bench`: schema is {schema!r}", REMEDY)
    if found["benchmark"] == OWN:
        raise FormatError(f"{file} is a comparison, no result", "give the two files that it compares")
    return Result(file, found["benchmark"], told, _paired(file, found["benchmark"], told))


def _object(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise NotFound(f"{file} does not exist", REMEDY)
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}", "give a file of yours") from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file} is no JSON: {error}", REMEDY) from error
    if not isinstance(told, dict):
        raise FormatError(f"{file} holds no JSON object", REMEDY)
    return told


def _paired(file: Path, benchmark: str, told: dict[str, Any]) -> Paired | None:
    try:
        derived = DERIVED[benchmark](told).root if benchmark in DERIVED else {}
        if "paired" not in told and not derived and benchmark not in SINGLE:
            return None
        return Paired({**derived, **Paired.model_validate(told.get("paired", {})).root})
    except (KeyError, TypeError, AttributeError) as error:
        raise FormatError(f"{file} is not as its schema says: {error!r}", REMEDY) from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = " › ".join(["paired", *map(str, fault["loc"])])
        raise FormatError(f"{file}, key {where}: {fault['msg']}", "run it again with this version") from error

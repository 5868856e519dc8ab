"""What `agentmem bench profile` does with its arguments."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.errors import InvalidInput
from agentmem.stores.profile.store import READERS
from agentmem_bench.profile import data, report, result
from agentmem_bench.progress import bar
from agentmem_bench.provenance import sha256
from agentmem_bench.results import check_writable, console, write_json


@dataclass(frozen=True)
class Plan:
    """What is read, and by whom.

    Attributes:
        data: Sentences; none: the shipped ones.
        reader: `cues` or `model`.
        model: The model of the latter; none: that of the settings, or the embedded one.
        sentences: How many of each split, drawn at random; none: all.
        split: What these sentences are called; none: the file's name.
    """

    data: Path | None = None
    reader: str = READERS[0]
    model: str | None = None
    sentences: int | None = None
    split: str | None = None


def print_example() -> None:
    """Print a small file that runs."""
    sys.stdout.write(data.example())


def run(plan: Plan, out: str | None) -> None:
    """Measure, print it, and write the result to `out`.

    Raises:
        InvalidInput: an unknown reader, a model that nobody asks, or an `out` that cannot be written.
        NotFound: there is no such file.
        FormatError: the file is not as the format says.
        Unavailable: the model does not answer.
    """
    check_writable(out)
    if plan.reader not in READERS:
        raise InvalidInput(f"--reader {plan.reader!r} is not known", f"there are: {', '.join(READERS)}")
    if plan.model is not None and plan.reader != "model":
        raise InvalidInput(
            f"--model {plan.model}: the reader {plan.reader!r} asks none", "add --reader model"
        )
    if plan.split is not None and plan.data is None:
        raise InvalidInput(f"--split {plan.split}: the shipped splits have names", "give it with --data FILE")
    own = {} if plan.data is None else {plan.split or plan.data.stem: data.read(plan.data)}
    splits = result.sample(own or data.shipped(), plan.sentences)
    told = _measured(plan, splits)
    if plan.data is not None:
        told["data"] |= {"file": plan.data.name, "file_sha256": sha256(plan.data)}
    report.show(told, console(out))
    write_json(told, out)


def _measured(plan: Plan, splits: result.Splits) -> dict[str, Any]:
    settings = Settings()
    if plan.reader != "model":
        return result.of_cues(splits, open_embedder(settings))
    from agentmem.models import open_model

    with bar() as watch:
        return result.of_model(splits, open_model(settings, plan.model or settings.model or "llama"), watch)

"""What `agentmem bench likebench` does with its arguments."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from agentmem.config import Settings
from agentmem.errors import InvalidInput
from agentmem.models import Usage, open_model
from agentmem_bench.asking import Asker
from agentmem_bench.likebench import page, report
from agentmem_bench.likebench.estimate import estimate
from agentmem_bench.likebench.personas.enriching import enriched
from agentmem_bench.likebench.personas.files import example, written
from agentmem_bench.likebench.personas.generate import generate
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.result import Plan, play, told_of
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json


def print_example() -> None:
    """Print a small file of personas that runs."""
    sys.stdout.write(example())


def write(file: Path | None, seed: int, count: int, enrich: str | None = None) -> None:
    """Write generated personas.

    Args:
        file: Where; none: refused.
        seed: Of the first to the last.
        count: How many.
        enrich: A model that words their behaviours anew, as after `--model`; none: they stay as generated.

    Raises:
        InvalidInput: no file is named, or it cannot be written; or there is no such model.
        Unavailable: the model is not there.
    """
    if file is None:
        raise InvalidInput("--enrich without --write", "name the file of the personas: --write FILE")
    check_writable(str(file), "--write")
    personas = [generate(number, seed) for number in range(1, count + 1)]
    if enrich is not None:
        personas = _enriched(personas, enrich)
    file.write_text(written(personas), encoding="utf-8")


def _enriched(personas: Sequence[Persona], name: str) -> list[Persona]:
    """Personas in a model's words; what it took and what failed is said on standard error."""
    asker = Asker(open_model(Settings(), name))
    made, usage, failures = [], Usage(calls=0), []
    with bar() as watch:
        for done, persona in enumerate(personas):
            watch("personas", done, len(personas))
            worded, taken, faults = enriched(persona, asker)
            made.append(worded)
            usage += taken
            failures += [f"{persona.id}: {fault}" for fault in faults]
    told = f"{usage.calls:,} calls, {usage.prompt_tokens + usage.completion_tokens:,} tokens"
    sys.stderr.write(f"{told}; {len(failures):,} answers could not be used\n")
    sys.stderr.writelines(f"{failure}\n" for failure in failures)
    return made


def tell(plan: Plan, json: str | None) -> None:
    """Print what models would take, without asking one.

    Raises:
        InvalidInput: something that is unknown.
        NotFound: there is no such store.
    """
    check_writable(json)
    told = estimate(plan)
    report.show_estimate(told, console(json))
    write_json(told, json)


def run(plan: Plan, json: str | None, html: Path | None = None) -> None:
    """Measure, print it, and write the result and the page.

    Raises:
        InvalidInput: something that is unknown, or cannot be written.
        NotFound: there is no such store.
        FormatError: a file is not as its format says.
        LimitReached: models may take no more.
    """
    check_writable(json)
    check_writable(None if html is None else str(html), page.OPTION)
    with bar() as watch:
        played = play(plan, watch)
    told = told_of(played)
    report.show(told, console(json))
    write_json(told, json)
    if html is not None:
        page.write(html, told, played.dialogues, played.personas)

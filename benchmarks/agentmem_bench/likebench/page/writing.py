"""The page as a file. All that personas, systems and raters say is data, and never markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agentmem.agents.trace import write_whole
from agentmem.errors import InvalidInput
from agentmem.fence import clean
from agentmem.pages import page, part
from agentmem.runs import web
from agentmem.runs.web.texts import Texts
from agentmem_bench.bootstrap import DRAWS, LEVEL
from agentmem_bench.likebench.measures import BEST, CLEAN, NOISY, WORST
from agentmem_bench.likebench.page.choosing import chosen
from agentmem_bench.likebench.page.figures import figures_of
from agentmem_bench.likebench.page.head import extras, facts, figures, is_probe, warning
from agentmem_bench.likebench.page.telling import dialogue_told, persona_in_short, persona_told
from agentmem_bench.likebench.personas.schema import DIMENSIONS, Persona
from agentmem_bench.likebench.rows import Dialogue
from agentmem_bench.likebench.systems.named import BOUNDS
from agentmem_bench.results import check_writable

OPTION = "--page"
"""What names the file on the command line."""
MOST = 120
"""Dialogues that a page holds at most, to be read; its figures are of all."""
LARGEST = 9_000_000
"""Bytes of their rows at most: replies and reasons of models are long, and a page has to open."""
SCRIPTS = ("figures.js", "elements.js", "plots.js", "tables.js", "reading.js", "list.js", "start.js")
"""Parts of the script, in this order."""
PRINTED = ("likability", "dimensions", "kinds")
"""Of a system in a variant: estimates whose intervals the page shows as they were printed."""


def write(
    path: Path,
    result: dict[str, Any],
    dialogues: Mapping[str, Mapping[str, Sequence[Dialogue]]],
    personas: Sequence[Persona],
    most: int = MOST,
) -> None:
    """Write the page of a run, whole or not at all.

    Args:
        path: The file.
        result: What `likebench.result.measure` made of the dialogues.
        dialogues: By system and variant.
        personas: Who talks in them.
        most: So many dialogues at most can be read on the page.

    Raises:
        InvalidInput: the file cannot be written.
    """
    check_writable(str(path), OPTION)
    text = page_of(result, dialogues, personas, most)
    try:
        write_whole(path, text)
    except OSError as error:
        raise InvalidInput(
            f"{OPTION}: {path} cannot be written: {error.strerror}", "name a file in a folder that is there"
        ) from error


def page_of(
    result: Mapping[str, Any],
    dialogues: Mapping[str, Mapping[str, Sequence[Dialogue]]],
    personas: Sequence[Persona],
    most: int = MOST,
) -> str:
    """The page; see `write`."""
    everyone = [one for by_variant in dialogues.values() for some in by_variant.values() for one in some]
    shown = chosen(dialogues, personas, most, LARGEST)
    told = f"{len(shown):,} of {len(everyone):,} dialogues are here to be read."
    return page(
        __package__,
        "likability",
        '"use strict";\n{\n' + "\n".join(part(__package__, name) for name in SCRIPTS) + "\n}\n",
        part(web.__name__, "trace.css") + part(__package__, "likability.css"),
        _data(result, everyone, shown, personas),
        probe=is_probe(result),
        warning=warning(result),
        mode=str(result.get("mode", "")),
        suite=str(result.get("suite", "")),
        facts=facts(result, sorted({one.header.embedder for one in everyone})),
        figures=figures(result),
        extras=extras(result),
        embedded=told if len(shown) == len(everyone) else f"{told} {_rest(len(everyone) - len(shown))}",
    )


def _rest(count: int) -> str:
    return (
        f"The figures are of all; the other {count:,} are in the folder of rows, where --rows named one: "
        "the same personas are here for every system, those of the first seed first."
    )


def _data(
    result: Mapping[str, Any],
    everyone: Sequence[Dialogue],
    shown: Sequence[Dialogue],
    personas: Sequence[Persona],
) -> dict[str, Any]:
    """What the script shows; dialogues name systems, personas and variants by their places."""
    texts = Texts()
    systems = list(dict.fromkeys(one.header.system for one in everyone))
    variants = list(dict.fromkeys(one.header.variant for one in everyone))
    place = {persona.id: number for number, persona in enumerate(personas)}
    of_page = {id(one): dialogue_told(one, texts) for one in shown}
    read = {one.header.persona for one in shown}
    return {
        "scale": [WORST, BEST],
        "draws": DRAWS,
        "level": LEVEL,
        "dimensions": DIMENSIONS,
        "systems": [_system(name, result) for name in systems],
        "variants": variants,
        "steady": [CLEAN, NOISY],
        "personas": [
            persona_in_short(one) | ({"told": persona_told(one)} if one.id in read else {})
            for one in personas
        ],
        "dialogues": [
            {
                "system": systems.index(one.header.system),
                "persona": place[one.header.persona],
                "variant": variants.index(one.header.variant),
                "seed": one.header.seed,
                **figures_of(one, personas[place[one.header.persona]]),
                **of_page.get(id(one), {}),
            }
            for one in everyone
        ],
        "texts": texts.all,
    }


def _system(name: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """A system, and the intervals that were printed of it."""
    told = (result.get("systems") or {}).get(name) or {}
    variants = told.get("variants") or {}
    return {
        "name": clean(name),
        "bound": name in BOUNDS,
        "printed": {
            variant: {
                **{key: one.get(key) for key in PRINTED},
                "memory": (one.get("memory") or {}).get("accuracy"),
            }
            for variant, one in variants.items()
        },
        "robustness": told.get("robustness"),
    }

"""Blocks of the documents that are written from results, between `<!-- figures: NAME -->` and `<!-- end "
"-->`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.errors import FormatError, NotFound
from agentmem_bench.bulk import readme as bulk
from agentmem_bench.concepts import readme as concepts
from agentmem_bench.langchain import readme as langchain
from agentmem_bench.langchain import report as langchain_report
from agentmem_bench.layered import readme as layered
from agentmem_bench.layered import report as layered_report
from agentmem_bench.likebench import readme as likebench
from agentmem_bench.likebench import report as likebench_report
from agentmem_bench.locomo import readme as locomo
from agentmem_bench.longhorizon import readme as longhorizon
from agentmem_bench.longhorizon import report as longhorizon_report
from agentmem_bench.models import readme as models
from agentmem_bench.peers import readme as peers
from agentmem_bench.peers import report as peers_report
from agentmem_bench.profile import readme as profile
from agentmem_bench.profile import report as profile_report
from agentmem_bench.results import PIPED_WIDTH
from agentmem_bench.scaling import readme as scaling
from agentmem_bench.scaling.tables import markdown as scaling_tables
from agentmem_bench.speed import readme as speed
from agentmem_bench.speed import report as speed_report
from agentmem_bench.task import readme as task
from agentmem_bench.task import report as task_report
from agentmem_bench.whole.origin import origin
from agentmem_bench.whole.place import LARGER, RESULTS, pages

if TYPE_CHECKING:
    from rich.console import Console

BEGIN = re.compile(r"^<!-- figures: (\S+) -->$")
END = "<!-- end -->"
Show = Callable[[dict[str, Any], "Console"], None]


@dataclass(frozen=True)
class Block:
    """What is written of some results, given in the order of `files`."""

    write: Callable[..., str]
    files: tuple[str, ...]


def printed(show: Show, result: dict[str, Any]) -> str:
    """What a benchmark prints of a result, and where that is from."""
    from rich.console import Console

    to = StringIO()
    show(result, Console(file=to, width=PIPED_WIDTH, highlight=False))
    lines = "\n".join(line.rstrip() for line in to.getvalue().strip().splitlines())
    return f"```text\n{lines}\n```\n\n{origin({'': result})}"


def _larger(show: Show, file: str) -> Block:
    return Block(partial(printed, show), (str(LARGER / file),))


README: Mapping[str, Block] = {
    "locomo": Block(locomo.block, ("locomo.json", "floor.json")),
    "peers": Block(peers.block, ("peers.json",)),
    "speed": Block(speed.block, ("speed.json",)),
    "task": Block(task.block, ("task.json", "task-forest.json")),
    "longhorizon": Block(longhorizon.block, ("longhorizon.json", "longhorizon-pace.json")),
    "langchain": Block(langchain.block, ("langchain.json",)),
    "concepts": Block(concepts.block, ("concepts.json", "concepts-pace.json")),
    "layered": Block(layered.streams, ("layered-streams.json",)),
    "layered-scale": Block(layered.scale, ("layered-scale.json",)),
    "market": Block(layered.market, ("layered-market.json",)),
    "likebench": Block(likebench.block, ("likebench.json",)),
    "profile": Block(profile.block, ("profile.json",)),
    "scaling": Block(scaling.block, ("scaling.json",)),
    "bulk": Block(bulk.block, ("bulk.json",)),
    "models": Block(models.block, ("models.json",)),
}
"""Of the README, by the name in the marker: those of the results that `agentmem bench all` makes."""
MADE = tuple(dict.fromkeys(file for block in README.values() for file in block.files))
BLOCKS: Mapping[str, Block] = {
    **README,
    "origin": Block(lambda *results: origin(dict(zip(MADE, results, strict=True))), MADE),
    "scaling-forecast": Block(scaling_tables, (str(LARGER / "scaling.json"),)),
    "profile-printed": Block(partial(printed, profile_report.show), ("profile.json",)),
    "longhorizon-model": _larger(longhorizon_report.show, "longhorizon-model.json"),
    "peers-larger": _larger(peers_report.show, "peers.json"),
    "speed-larger": _larger(speed_report.show, "speed.json"),
    "task-forest-larger": _larger(task_report.show, "task-forest.json"),
    "langchain-larger": _larger(langchain_report.show, "langchain-stores.json"),
    "layered-streams-larger": _larger(layered_report.show, "layered-streams.json"),
    "layered-ablations": _larger(layered_report.show, "layered-ablations.json"),
    "layered-scale-larger": _larger(layered_report.show, "layered-scale.json"),
    "market-larger": _larger(layered_report.show, "layered-market.json"),
    "likebench-larger": _larger(likebench_report.show, "likebench.json"),
    "likebench-noisy": _larger(likebench_report.show, "likebench_noisy.json"),
}
"""All of them; those of docs/ are what a command prints of a result, or the tables of a page."""


def written(text: str, make: Callable[[str], str], page: str = "the page") -> str:
    """`text` with every block made anew.

    Raises:
        FormatError: a block has no end, an end no block, or a name stands for none.
    """
    lines: list[str] = []
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        begins = BEGIN.match(line)
        if begins and not inside:
            inside = begins[1]
            if inside not in BLOCKS:
                raise FormatError(
                    f"{page}, line {number}: no figures {inside!r}", f"there are: {', '.join(BLOCKS)}"
                )
            lines += [line, "", *make(inside).strip().split("\n"), ""]
        elif begins or (line == END and not inside):
            raise FormatError(f"{page}, line {number}: {line} stands wrongly", f"end each block by {END}")
        elif line == END:
            inside = ""
            lines.append(line)
        elif not inside:
            lines.append(line)
    if inside:
        raise FormatError(f"{page}: the figures {inside!r} have no end", f"end them by {END}")
    return "\n".join(lines)


def made(name: str, root: Path) -> str:
    """A block from the results of the tree `root`.

    Raises:
        NotFound: a result is not there.
    """
    block = BLOCKS[name]
    return block.write(*(_read(root / RESULTS / file) for file in block.files))


def rewrite(root: Path, *, check: bool = False) -> list[Path]:
    """Write the blocks of all pages of the tree `root` from its results; with `check` only look.

    Returns:
        The pages that were other than the results say.

    Raises:
        NotFound: a result is not there.
        FormatError: the markers of a page do not match.
    """
    changed = []
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        new = written(text, partial(made, root=root), str(page.relative_to(root)))
        if new != text:
            changed.append(page)
            if not check:
                page.write_text(new, encoding="utf-8")
    return changed


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise NotFound(f"{file} is not there", "measure it by `agentmem bench all`")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found

"""The command `profile explain`: what is known of one aspect, and how that came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.exits import Exit
from agentmem.cli.memory_opening import Where
from agentmem.cli.profile_opening import profile_of
from agentmem.cli.profile_seeing import PANEL

if TYPE_CHECKING:
    from agentmem.cli.rendering import Cell, Page
    from agentmem.stores.profile.drift import Piece
    from agentmem.stores.profile.lines import Line

commands = typer.Typer()


@commands.command(rich_help_panel=PANEL)
def explain(
    aspect: Annotated[
        str, typer.Argument(metavar="ASPECT", help="length, tone, humour, upset, emoji, layout, ...")
    ],
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Explain one aspect. All evidence in order, what each piece counts, and what held with it.

    Exit code 1: nothing is known of it.
    """
    from agentmem.cli.profile_telling import fact_row
    from agentmem.cli.rendering import Page
    from agentmem.stores.profile.lines import aspect_of, line_of

    name, about = aspect_of(aspect)
    with profile_of(Where(db, namespace)) as (memory, opened):
        record = next((one for one in memory.portrait() if one.key == name), None)
        facts = [one for one in memory.facts() if one.payload.get("aspect") == name]
        path = opened.path
    line = None if record is None else line_of(record)
    if json:
        answer(
            "profile.explain",
            namespace=path,
            aspect=name,
            title=about.title,
            value="" if line is None else line.value,
            strength=0.0 if line is None else line.strength,
            evidence=[] if line is None else line.evidence,
            times=0 if line is None else line.times,
            facts=facts,
            record=record,
        )
    elif line is not None:
        _tell(Page(), line)
    elif facts:
        Page().table(["when", "about", "what"], [fact_row(one) for one in facts])
    else:
        Page().line(f"nothing is known of it yet ({about.title.lower()})")
    if line is None and not facts:
        raise typer.Exit(Exit.NEGATIVE)


def _tell(page: Page, line: Line) -> None:
    page.block(line.text)
    page.pairs(
        {
            "value": f"{line.value or 'not known'}, strength {line.strength:.2f}",
            "times": f"{line.times}, last on {line.last:%Y-%m-%d}",
            "versions": f"agentmem history {line.record}",
        }
    )
    page.heading("evidence")
    rows = [_row(one) for one in line.evidence]
    page.table(["when", "how", "value", "counts", "with it held", "what"], rows)
    if line.times > len(line.evidence):
        older = line.times - len(line.evidence)
        page.line(f"and {older:,} older, which count no more; its sources: agentmem show {line.record}")


def _row(piece: Piece) -> list[Cell]:
    from agentmem.cli.describing import short, stamp

    how = f"{'shown' if piece.shown else 'said'}{', for once' if piece.once else ''}"
    told = [f'"{short(piece.said)}"', f"event {piece.event}"]
    return [stamp(piece.at), how, piece.value or "-", f"{piece.counts:.2f}", piece.holds or "-", told]

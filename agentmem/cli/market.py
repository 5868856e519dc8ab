"""`run market`: agents that trade by what they remember, day by day."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from agentmem.cli.answers import answer
from agentmem.cli.exits import Exit
from agentmem.errors import AgentMemError, InvalidInput

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.runs.market.folder import MarketFolder

WORLD = "market"
SAYS = "daily prices and news to trade on: --symbols AAPL,JPM --from DATE --to DATE; see docs/market.md"


def refuse_elsewhere(given: Mapping[str, Any]) -> None:
    """Let pass what no other world takes.

    Raises:
        InvalidInput: an option of the world `market` is given.
    """
    more = [name for name, value in given.items() if value is not None]
    if more:
        raise InvalidInput(
            f"--{more[0].replace('_', '-')} is an option of the world {WORLD!r} alone",
            f"leave it out, or: agentmem run {WORLD} --symbols …",
        )


def begun(given: Mapping[str, Any], out: Path | None, settings: Settings) -> MarketFolder:
    """The folder of a new run.

    Raises:
        AgentMemError: an option, a file, a memory or a model is not what it can be; no folder is made.
    """
    from datetime import datetime

    from agentmem.runs.folder import new_folder
    from agentmem.runs.market.asking import asked_for
    from agentmem.runs.market.execute import check
    from agentmem.runs.market.folder import MarketFolder

    spec, market = asked_for({name: value for name, value in given.items() if name != "world"}, settings)
    check(spec, settings)
    folder = MarketFolder(out or new_folder(spec.name, datetime.now()))
    folder.begin(spec, market)
    return folder


def play(folder: MarketFolder, settings: Settings, *, as_json: bool) -> None:
    """Play a run, or go on with it, and tell what came of it."""
    from agentmem.cli.market_views import Lines, Live, tell
    from agentmem.cli.rendering import Page
    from agentmem.runs.market.execute import play as play_run

    page = Page(silent=as_json)
    view = Live(page) if page.is_rich and not as_json else Lines(page)
    try:
        with view:
            summary = play_run(folder, settings, view)
    except AgentMemError:
        print(f"note: what was played is kept; go on: agentmem run --resume {folder.path}", file=sys.stderr)
        raise
    if as_json:
        answer("run.market", folder=str(folder.path), spec=folder.spec(), summary=summary)
    else:
        tell(page, summary)
        page.line(f"kept in {folder.path}; look at it: {folder.report}")
    if summary.interrupted:
        print(f"interrupted; go on: agentmem run --resume {folder.path}", file=sys.stderr)
        raise typer.Exit(Exit.INTERRUPTED)
    if not summary.complete:
        raise typer.Exit(Exit.NEGATIVE)

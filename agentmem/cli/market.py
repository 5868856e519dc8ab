"""`run market`: agents that trade by what they remember, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.cli.answers import answer
from agentmem.cli.run_ends import kept, leave

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.runs.market.folder import MarketFolder

WORLD, EXAMPLE = "market", "--symbols …"
SAYS = "daily prices and news to trade on: --symbols AAPL,JPM --from DATE --to DATE; see docs/market.md"


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
    with kept(folder.path), view:
        summary = play_run(folder, settings, view)
    if as_json:
        answer("run.market", folder=str(folder.path), spec=folder.spec(), summary=summary)
    else:
        tell(page, summary)
        page.line(f"kept in {folder.path}; look at it: {folder.report}")
    leave(folder.path, interrupted=summary.interrupted, complete=summary.complete)

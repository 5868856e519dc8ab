"""`run arc`: ARC tasks one after the other, with a memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.cli.answers import answer
from agentmem.cli.run_ends import kept, leave

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.runs.arc.folder import ArcFolder

WORLD, EXAMPLE = "arc", "--tasks …"
SAYS = "puzzles of grids, whose rules a program is to catch: --tasks arcagi:training@20; see docs/arc.md"


def begun(given: Mapping[str, Any], out: Path | None, settings: Settings) -> ArcFolder:
    """The folder of a new run.

    Raises:
        AgentMemError: an option, a task, a memory or a model is not what it can be; no folder is made.
    """
    from datetime import datetime

    from agentmem.runs.arc.choosing import choose
    from agentmem.runs.arc.execute import check
    from agentmem.runs.arc.folder import ArcFolder
    from agentmem.runs.arc.spec import arc_of
    from agentmem.runs.folder import new_folder

    spec = arc_of({name: value for name, value in given.items() if name != "world"}, settings)
    tasks = choose(spec.tasks, spec.order, spec.seed)
    check(spec, settings)
    folder = ArcFolder(out or new_folder(spec.name, datetime.now()))
    folder.begin(spec, tasks)
    return folder


def play(folder: ArcFolder, settings: Settings, at_once: int | None, *, as_json: bool) -> None:
    """Play a run, or go on with it, and tell what came of it."""
    from agentmem.cli.arc_views import View, tell, tell_task
    from agentmem.cli.rendering import Page
    from agentmem.runs.arc.execute import play as play_run
    from agentmem.runs.arc.picture import picture

    page = Page(silent=as_json)
    spec, tasks = folder.spec(), folder.tasks()
    with kept(folder.path), View(page, folder, len(tasks)) as view:
        summary = play_run(folder, settings, view, at_once=at_once or 1)
    alone = len(tasks) == 1 and summary.complete
    if alone:
        (row,) = folder.rows()
        folder.picture.write_text(picture(tasks[0], row), encoding="utf-8")
        tell_task(page, tasks[0], row)
    if as_json:
        answer("run.arc", folder=str(folder.path), spec=spec, summary=summary)
    else:
        tell(page, summary)
        page.line(f"kept in {folder.path}" + (f"; as a picture: {folder.picture}" if alone else ""))
    leave(folder.path, interrupted=summary.interrupted, complete=summary.complete)

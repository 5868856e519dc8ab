"""The command that looks at the machine: doctor."""

from __future__ import annotations

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.exits import Exit

commands = typer.Typer()
STYLES = {"ok": "", "note": "yellow", "broken": "bold red"}


@commands.command(rich_help_panel="Care")
def doctor(db: options.Db = None, namespace: options.NoNamespace = None, json: options.Json = False) -> None:
    """Check what agentmem needs on this machine. Exit code 1 where something is broken."""
    from agentmem.cli.checkup import checkup
    from agentmem.cli.opening import read_settings
    from agentmem.cli.rendering import Page

    checks = checkup(read_settings(db))
    healthy = all(check.state != "broken" for check in checks)
    if json:
        answer("doctor", healthy=healthy, checks=checks)
    else:
        page = Page()
        page.table(
            ["", "what", "found"],
            [
                [check.state, check.name, [check.value, check.remedy] if check.remedy else check.value]
                for check in checks
            ],
        )
        page.line(
            "all that is needed works" if healthy else "something that is needed is broken", style="bold"
        )
    if not healthy:
        raise typer.Exit(Exit.NEGATIVE)

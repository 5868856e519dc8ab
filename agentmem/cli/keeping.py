"""Commands that decide how long events are kept: retention, sweep, archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.erasing import Wait, Yes, sure, tell_reached
from agentmem.cli.values import days, moment, size
from agentmem.errors import AgentMemError, InvalidInput

if TYPE_CHECKING:
    from agentmem.bank import Bank, Retention

PANEL = "Care"
commands = typer.Typer()


@commands.command(rich_help_panel=PANEL)
def retention(
    max_age: Annotated[
        str | None, typer.Option("--max-age", metavar="SPAN", help="Events recorded longer ago leave: 90d.")
    ] = None,
    max_events: Annotated[
        int | None, typer.Option("--max-events", min=0, metavar="N", help="The oldest beyond these leave.")
    ] = None,
    max_bytes: Annotated[
        str | None, typer.Option("--max-bytes", metavar="SIZE", help="Of text and data of events: 50MB.")
    ] = None,
    archive: Annotated[
        Path | None, typer.Option("--archive", metavar="DIR", help="Where what leaves is written to first.")
    ] = None,
    no_archive: Annotated[
        bool, typer.Option("--no-archive", help="What leaves is forgotten for good.")
    ] = False,
    clear: Annotated[bool, typer.Option("--clear", help="Take the namespace's rule away.")] = False,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Set what the namespace, and those under it, keep; without options: list the rules. See `sweep`."""
    from agentmem.bank import Retention
    from agentmem.cli.opening import path_of, reading, writing
    from agentmem.cli.rendering import Page

    limited = (max_age, max_events, max_bytes) != (None, None, None)
    if limited and clear:
        raise InvalidInput("--clear sets no limit", "give limits, or --clear")
    if limited and (archive is None) is not no_archive:
        raise InvalidInput(
            "it is not said what becomes of what leaves", "give --archive DIR, or --no-archive to forget it"
        )
    with (writing if limited or clear else reading)(db, namespace) as opened:
        if limited or clear:
            rule = Retention(
                max_age_days=days("--max-age", max_age),
                max_events=max_events,
                max_bytes=size("--max-bytes", max_bytes),
                archive=None if archive is None else str(archive.expanduser().absolute()),
            )
            opened.bank.retain(opened.namespace, None if clear else rule)
        rules = {path_of(one): rule for one, rule in opened.bank.retentions().items()}
    if json:
        answer("retention", rules=rules)
        return
    page = Page()
    if not rules:
        page.line("no rule is set: everything is kept")
    else:
        page.table(
            ["namespace and those under it", "keeps"], [[one, told(rule)] for one, rule in rules.items()]
        )


def told(rule: Retention) -> str:
    """A rule in words."""
    limits = []
    if rule.max_age_days is not None:
        limits.append(f"what was recorded in {rule.max_age_days:g} days")
    if rule.max_events is not None:
        limits.append(f"{rule.max_events} events")
    if rule.max_bytes is not None:
        limits.append(f"{rule.max_bytes} bytes")
    end = "the rest is forgotten" if rule.archive is None else f"the rest goes to {rule.archive}"
    return f"{', '.join(limits)}; {end}"


@commands.command(rich_help_panel=PANEL)
def sweep(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many events would leave.")] = False,
    yes: Yes = False,
    wait: Wait = 10.0,
    db: options.Db = None,
    namespace: options.Prefix = None,
    json: options.Json = False,
) -> None:
    """Let what is beyond the rules of `retention` leave: of the whole bank, or at and under a namespace."""
    from agentmem.bank import SweepStopped
    from agentmem.cli.opening import path_of, reading
    from agentmem.cli.rendering import Page

    left: list[str] = []
    stopped: SweepStopped | None = None
    with reading(db, namespace) as opened:
        prefix = opened.known("prefix").namespace if namespace is not None else None
        swept = opened.bank.sweep(prefix, dry_run=True)
        if swept and not dry_run:
            sure(f"Let {sum(one.events for one in swept)} events leave {len(swept)} namespaces?", yes, "left")
            try:
                swept = opened.bank.sweep(prefix)
            except SweepStopped as error:
                swept, stopped = list(error.swept), error
            left = _scrubbed(opened.bank, wait) if swept else []
    told = str(stopped.cause) if stopped is not None else None
    if json:
        answer("sweep", namespace=namespace, dry_run=dry_run, swept=swept, not_reached=left, stopped=told)
    else:
        page = Page()
        if swept:
            verb = "would leave" if dry_run else "left"
            rows = [
                [path_of(one.namespace), f"{one.events} {verb}", ", ".join(one.archives) or "-"]
                for one in swept
            ]
            page.table(["namespace", "events", "to"], rows)
            if not dry_run:
                tell_reached(page, left)
        if stopped is not None:
            page.line(f"the sweep stopped in namespace {path_of(stopped.namespace)!r}", style="yellow")
        elif not swept:
            page.line("nothing is beyond a rule")
    if stopped is not None:
        raise stopped.cause


def _scrubbed(bank: Bank, wait_seconds: float) -> list[str]:
    """What could not be taken off the disk; a failure too, which takes no report with it."""
    try:
        return bank.scrub(wait_seconds)
    except AgentMemError as error:
        return [str(error)]


@commands.command(rich_help_panel=PANEL)
def archive(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; `import` brings it back.")],
    before: Annotated[
        str | None, typer.Option("--before", metavar="TIME", help="What was recorded before this time.")
    ] = None,
    session: Annotated[
        str | None, typer.Option("--session", metavar="NAME", help="The events of a session alone.")
    ] = None,
    yes: Yes = False,
    wait: Wait = 10.0,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Move events, with what came from them alone, out of the bank to a file."""
    from agentmem.bank.forgetting import scrubbed
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    until = moment("--before", before)
    with reading(db, namespace) as opened:
        opened.known()
        sure(f"Move events of namespace {opened.path!r} to {file}, out of recall?", yes, "archived")
        report = opened.bank.archive(opened.namespace, file, before=until, session=session)
        if report.archive is not None:
            report = scrubbed(opened.bank, report, wait)
        path = opened.path
    if json:
        answer("archive", namespace=path, report=report)
        return
    page = Page()
    if report.archive is None:
        page.line("there is nothing to archive")
        return
    page.line(f"{len(report.events)} events are in {file}; they come back by: agentmem import {file}")
    tell_reached(page, report.not_reached)

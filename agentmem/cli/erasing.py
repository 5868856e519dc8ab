"""Commands that erase: forget, scan."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.exits import Exit
from agentmem.errors import InvalidInput

if TYPE_CHECKING:
    from agentmem.bank import ErasureReport
    from agentmem.cli.rendering import Page

commands = typer.Typer()
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Wait = Annotated[
    float,
    typer.Option("--wait", min=0, metavar="SECONDS", help="How long to wait for others who read the bank."),
]


@commands.command(rich_help_panel="Write")
def forget(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Records: the events they came from go.")
    ] = None,
    event: Annotated[
        list[str] | None, typer.Option("--event", metavar="ID", help="An event; repeatable.")
    ] = None,
    session: Annotated[
        str | None, typer.Option("--session", metavar="NAME", help="All events of a session.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All events of the namespace.")] = False,
    yes: Yes = False,
    wait: Wait = 10.0,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Erase events for good, down to the bytes. What came from them alone goes with them."""
    from agentmem.bank.forgetting import scrubbed
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    named = [*(ids or ()), *(event or ())]
    if not (named or session is not None or everything):
        raise InvalidInput("nothing is named to forget", "give ids, --event ID, --session NAME or --all")
    with reading(db, namespace) as opened:
        opened.known()
        what = [f"{len(named)} named"] if named else []
        what += [f"session {session!r}"] if session is not None else []
        what += ["everything"] if everything else []
        sure(f"Forget {', '.join(what)} in namespace {opened.path!r} for good?", yes, "forgotten")
        report = opened.bank.forget(
            opened.namespace, records=ids or (), events=event or (), session=session, everything=everything
        )
        report = scrubbed(opened.bank, report, wait)
        path = opened.path
    if json:
        answer("forget", namespace=path, report=report)
    else:
        tell(Page(), report)


def sure(question: str, yes: bool, done: str) -> None:
    """Go on only if the answer is yes; else nothing is `done`.

    Raises:
        InvalidInput: there is nobody to ask.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise InvalidInput(f"there is no terminal to ask at, and nothing is {done} unasked", "add --yes")
    if not typer.confirm(question, err=True):
        print(f"nothing was {done}", file=sys.stderr)
        raise typer.Exit(Exit.NEGATIVE)


def tell(page: Page, report: ErasureReport, *, reached: bool = True) -> None:
    """The erasure report; whether the bytes are gone, where that is known."""
    told: dict[str, object] = {
        "events": len(report.events),
        "operations they caused": len(report.operations),
        "record versions": report.records,
        "vectors": report.vectors,
    }
    if report.rebuilt:
        told["made again without them"] = ", ".join(report.rebuilt)
    if report.reopened:
        told["to be interpreted anew"] = ", ".join(report.reopened)
    page.line("forgotten:", style="bold")
    page.pairs(told)
    if report.still_about:
        page.line(f"these operations stand and were about it: {', '.join(report.still_about)}")
    if reached:
        tell_reached(page, report.not_reached)


def tell_reached(page: Page, not_reached: Sequence[str]) -> None:
    """Whether what was erased is gone from the disk."""
    for place in not_reached:
        page.line(f"not reached: {place}", style="yellow")
    if not not_reached:
        page.line("the bytes are gone from the bank's files; backups and exports elsewhere were not touched")


@commands.command(rich_help_panel="Care")
def scan(
    fix: Annotated[bool, typer.Option("--fix", help="Mask them, down to the bytes.")] = False,
    wait: Wait = 10.0,
    db: options.Db = None,
    namespace: options.AnyNamespace = None,
    json: options.Json = False,
) -> None:
    """Find credentials that were stored before the screen was on. Exit code 1 where some are left."""
    from agentmem.bank.forgetting import scrubbed
    from agentmem.cli.opening import path_of, reading
    from agentmem.cli.rendering import Page

    with reading(db, namespace) as opened:
        place = opened.known().namespace if namespace is not None else None
        report = opened.bank.scan(place, fix=fix)
        if fix:
            report = scrubbed(opened.bank, report, wait)
    if json:
        answer("scan", namespace=namespace, report=report)
    else:
        page = Page()
        rows = [[path_of(one.namespace), one.event_id, ", ".join(one.kinds)] for one in report.found]
        if rows:
            page.table(["namespace", "event", "holds"], rows)
        if not rows:
            page.line("no credentials are stored")
        elif not fix:
            page.line(f"{len(rows)} events hold credentials; mask them: agentmem scan --fix", style="bold")
        else:
            page.line("masked:", style="bold")
            page.pairs(
                {
                    "events": len(rows),
                    "record versions": report.records,
                    "vectors": report.vectors,
                    "made again": ", ".join(report.rebuilt),
                }
            )
        if fix:
            tell_reached(page, report.not_reached)
    if report.found and not fix:
        raise typer.Exit(Exit.NEGATIVE)

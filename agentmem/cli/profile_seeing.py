"""Commands of `profile` that tell what is known: show, facts, standing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options, values
from agentmem.cli.answers import answer
from agentmem.cli.exits import Exit
from agentmem.cli.memory_opening import Where
from agentmem.cli.profile_opening import NOTHING, Reader, profile_of, tell_unread

if TYPE_CHECKING:
    from agentmem.cli.rendering import Cell
    from agentmem.records import Record

commands = typer.Typer()
PANEL = "See"
NO_QUESTIONS = "no question stands; keep one: agentmem profile stand QUESTION"


@commands.command(rich_help_panel=PANEL)
def show(
    reader: Annotated[
        Reader | None,
        typer.Option("--reader", help="Who reads what is said; chosen when the profile begins.  [cues]"),
    ] = None,
    model: options.Model = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Show the portrait: how the user likes to be answered, in their words, and what that rests on."""
    from agentmem.cli.profile_telling import line_row
    from agentmem.cli.rendering import Page
    from agentmem.stores.profile.lines import line_of

    with profile_of(Where(db, namespace, model), reader) as (memory, opened):
        portrait, pending, path = memory.portrait(), memory.pending(), opened.path
        known, manner = bool(portrait) or bool(memory.facts()), memory.manner()
    lines = [line_of(one) for one in portrait]
    if json:
        answer("profile.show", namespace=path, portrait=lines, manner=manner, pending=pending)
        return
    page = Page()
    if lines:
        rows = [line_row(one) for one in lines]
        page.table(["aspect", "value", "strength", "times", "said", "shown", "last", "what"], rows)
    else:
        page.line("no wishes are known; see `agentmem profile facts`" if known else NOTHING)
    if manner is not None:
        page.block(f"{manner.text} (measured on {len(manner.sources)} messages, {manner.id})")
    tell_unread(page, pending)


@commands.command(rich_help_panel=PANEL)
def facts(
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=0, metavar="N", help="Tell so many, the first ones.")
    ] = 50,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """List what else is known of the user: facts of their life, what they know, what they call things."""
    from agentmem.cli.profile_telling import fact_row
    from agentmem.cli.rendering import Page

    with profile_of(Where(db, namespace)) as (memory, opened):
        found, pending, path = memory.facts(), memory.pending(), opened.path
        known = bool(found) or bool(memory.portrait())
    if json:
        answer("profile.facts", namespace=path, facts=found[:limit], pending=pending)
        return
    page = Page()
    if found:
        page.table(["when", "about", "what"], [fact_row(one) for one in found[:limit]])
    else:
        page.line("no facts are known; see `agentmem profile show`" if known else NOTHING)
    if len(found) > limit:
        page.line(f"and {len(found) - limit:,} further ones; see --limit")
    tell_unread(page, pending)


@commands.command(rich_help_panel=PANEL)
def standing(
    question: Annotated[
        str | None,
        typer.Argument(metavar="QUESTION", help="One of them; `-` reads it from stdin. Without it: all."),
    ] = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Tell the kept answers of standing questions. One is read by its words, without a search.

    Exit code 1: the question that is named does not stand.
    """
    from agentmem.cli.profile_telling import answer_row
    from agentmem.cli.rendering import Page

    asked = None if question is None else values.given_text("question", question)
    with profile_of(Where(db, namespace)) as (memory, opened):
        found: list[Record] = memory.questions()
        if asked is not None:
            one = memory.standing(asked)
            found = [] if one is None else [one]
        path = opened.path
    if json:
        answer("profile.standing", namespace=path, question=asked, answers=found)
    elif found:
        rows: list[list[Cell]] = [answer_row(one) for one in found]
        Page().table(["rests on", "question"], rows)
    else:
        Page().line(NO_QUESTIONS if asked is None else "it does not stand; agentmem profile stand QUESTION")
    if asked is not None and not found:
        raise typer.Exit(Exit.NEGATIVE)

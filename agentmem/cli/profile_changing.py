"""The command of `profile` that changes it: stand. All else is done by the commands for any record."""

from __future__ import annotations

from typing import Annotated

import typer

from agentmem.cli import options, values
from agentmem.cli.answers import answer
from agentmem.cli.memory_opening import Where
from agentmem.cli.profile_opening import profile_of

commands = typer.Typer()
PANEL = "Change"


@commands.command(rich_help_panel=PANEL)
def stand(
    question: Annotated[
        str | None,
        typer.Argument(
            metavar="QUESTION", help='Such as "What does the user not eat?"; `-` reads it from stdin.'
        ),
    ] = None,
    k: Annotated[
        int, typer.Option("-k", "--k", min=1, metavar="N", help="So many records answer it at first.")
    ] = 8,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Keep the answer of a question. From now on it follows what becomes known, and is read without a search.

    The same question again: it is answered anew.
    """
    from agentmem.cli.profile_telling import answer_row
    from agentmem.cli.rendering import Page

    asked = values.given_text("question", question)
    with profile_of(Where(db, namespace)) as (memory, opened):
        kept, path = memory.stand(asked, k), opened.path
    if json:
        answer("profile.stand", namespace=path, answer=kept)
    else:
        Page().table(["rests on", "question"], [answer_row(kept)])

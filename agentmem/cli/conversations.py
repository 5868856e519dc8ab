"""The command that takes in conversations: ingest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentmem.cli.ingesting import Ingested
    from agentmem.cli.rendering import Page
    from agentmem.formats import Conversation

commands = typer.Typer()
COUNTED = ("stored", "duplicates", "redacted", "refused", "forgotten", "corrections")


@commands.command(rich_help_panel="Write")
def ingest(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The conversation's file; `-` is stdin.")],
    as_recorded: Annotated[
        bool,
        typer.Option(
            "--as-recorded", help="Each turn counts as recorded when it was said, so that --known-at can ask."
        ),
    ] = False,
    workers: options.Workers = 0,
    ray_address: options.RayAddress = None,
    model: options.Model = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Take in a conversation from a file, whose format is detected.

    Read are JSON lines, `Name: text` lines, exports of ChatGPT, mem0 and LangMem, and LoCoMo JSON. What is
    ingested twice is kept once. A file of several conversations goes into one namespace each:
    NAMESPACE/<conversation>.
    """
    from agentmem import bulk
    from agentmem.cli.ingesting import ingest as take_in
    from agentmem.cli.ingesting import places
    from agentmem.cli.opening import writing
    from agentmem.cli.progress import bar
    from agentmem.cli.rendering import Page

    conversations = read(file)
    with bulk.spread(workers, ray_address) as spread, writing(db, namespace, model) as opened:
        done: list[Ingested] = []
        for place, conversation in places(opened.namespace, conversations):
            with bar() as progress:
                done.append(
                    take_in(
                        opened.bank,
                        place,
                        conversation,
                        as_recorded=as_recorded,
                        progress=progress,
                        spread=spread,
                    )
                )
        path = opened.path
    if json:
        answer("ingest", namespace=path, file=file, **totals(done))
    else:
        tell(Page(), done)


def read(file: str) -> Sequence[Conversation]:
    """The conversations of a file; `-` is stdin."""
    from agentmem.formats import read_conversations

    return read_conversations(sys.stdin.buffer if file == "-" else file)


def totals(done: Sequence[Ingested]) -> dict[str, object]:
    """The sums over all conversations, and each of them."""
    seconds = sum(one.seconds for one in done)
    return {
        "format": done[0].format,
        **{name: sum(getattr(one, name) for one in done) for name in COUNTED},
        "seconds": round(seconds, 3),
        "turns_per_second": round(sum(one.turns for one in done) / max(seconds, 0.001), 1),
        "conversations": list(done),
    }


def tell(page: Page, done: Sequence[Ingested]) -> None:
    """What became of the conversations."""
    from agentmem.cli.opening import path_of

    told = totals(done)
    turns = sum(one.turns for one in done)
    where = f"namespace {path_of(done[0].namespace)!r}" if len(done) == 1 else f"{len(done)} namespaces"
    page.line(
        f"{told['format']}: {turns} turns in {sum(one.sessions for one in done)} sessions, into {where}"
    )
    page.pairs({name: told[name] for name in COUNTED if told[name] or name in ("stored", "duplicates")})
    page.pairs({"seconds": f"{told['seconds']} ({told['turns_per_second']} turns a second)"})
    for one in done:
        for warning in one.warnings:
            page.line(f"ignored: {warning}", style="yellow")
        if one.not_applied:
            page.line(
                f"corrections not applied, what they are about stands no more: {', '.join(one.not_applied)}",
                style="yellow",
            )
    if len(done) > 1:
        rows = [[path_of(one.namespace), str(one.stored), str(one.duplicates)] for one in done]
        page.table(["namespace", "stored", "duplicates"], rows)

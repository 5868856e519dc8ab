"""The command `agentmem hook`: what a coding assistant calls around its turns. It never blocks it."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from agentmem.cli import options

Budget = Annotated[int, typer.Option(min=1, metavar="TOKENS", help="The context never costs more.")]
OwnNamespace = Annotated[
    str | None,
    typer.Option("--namespace", metavar="PATH", help="Whose memory. Default: hook/NAME, by the folder."),
]
OwnDb = Annotated[
    str | None,
    typer.Option("--db", metavar="PATH", help="The bank. Default: AGENTMEM_DB, else ~/agentmem.db."),
]


ADVICE = "if it is never done, run `agentmem remember TEXT` once: its first use prepares the embedder"


class Unblocking(TyperGroup):
    """Commands whose exit code is 0 also where they are called wrongly: another would stop an assistant."""

    def make_context(self, *args: Any, **given: Any) -> Any:
        """The context of the group."""
        return _excused(lambda: super(Unblocking, self).make_context(*args, **given))

    def invoke(self, ctx: Any) -> Any:
        """Call the command."""
        return _excused(lambda: super(Unblocking, self).invoke(ctx))


app = typer.Typer(
    name="hook",
    cls=Unblocking,
    add_completion=False,
    rich_markup_mode=None,
    help="What a coding assistant calls around its turns; each reads the hook's JSON from stdin.",
)


@app.command()
def start(
    namespace: OwnNamespace = None,
    db: OwnDb = None,
    store: options.StoreName = "episodic",
    budget: Budget = 1_000,
) -> None:
    """Print what is pinned, and what is newest, of the project's memory."""
    _run("start", namespace, db, store, budget)


@app.command()
def prompt(
    namespace: OwnNamespace = None,
    db: OwnDb = None,
    store: options.StoreName = "episodic",
    budget: Budget = 1_000,
) -> None:
    """Print what is known for the prompt, and keep the prompt."""
    _run("prompt", namespace, db, store, budget)


@app.command()
def stop(namespace: OwnNamespace = None, db: OwnDb = None, store: options.StoreName = "episodic") -> None:
    """Keep what was said in the turn, as the transcript has it."""
    _run("stop", namespace, db, store, 0)


def _run(event: str, namespace: str | None, db: str | None, store: str, budget: int) -> None:
    from agentmem_mcp.deadline import finish_in_time

    def work() -> None:
        from agentmem_mcp.hooking import carry_out

        carry_out(event, namespace=namespace, db=db, store=store, budget=budget)

    finish_in_time(work, f"hook {event}", ADVICE)


def _excused(call: Any) -> Any:
    from typer import TyperException

    try:
        return call()
    except TyperException as error:
        from agentmem_mcp.deadline import note

        note("wrong usage of hook: %s", error.format_message())
        typer.echo(error.format_message(), err=True)
        raise typer.Exit(0) from error

"""The command that shows what agentmem is for: demo."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.errors import Conflict

if TYPE_CHECKING:
    from agentmem.cli.demonstration.acts import Told
    from agentmem.cli.demonstration.script import Plan, Question
    from agentmem.cli.rendering import Page

commands = typer.Typer()


@commands.command(rich_help_panel="Try")
def demo(
    file: Annotated[
        str | None,
        typer.Option("--file", metavar="CHAT", help="Your own chat, in any format that `ingest` reads."),
    ] = None,
    ask: Annotated[
        list[str] | None, typer.Option("--ask", metavar="QUESTION", help="A question of yours; repeatable.")
    ] = None,
    db: Annotated[
        Path | None, typer.Option("--db", metavar="PATH", help="Keep the memory in this new file.")
    ] = None,
    json: options.Json = False,
) -> None:
    """See in a minute what it does: read a chat, ask, correct, forget."""
    if db is not None and db.exists():
        raise Conflict(f"{db} is there already, and the demo forgets things", "give a new path")
    with tempfile.TemporaryDirectory(prefix="agentmem-demo-") as folder:
        _run(db or Path(folder) / "memory.db", file, ask or [], kept=db is not None, as_json=json)


def _run(path: Path, file: str | None, ask: list[str], *, kept: bool, as_json: bool) -> None:
    from agentmem.cli import ingesting
    from agentmem.cli.conversations import read
    from agentmem.cli.demonstration import acts, script, telling
    from agentmem.cli.demonstration.answering import NAMESPACE
    from agentmem.cli.opening import writing
    from agentmem.cli.progress import bar
    from agentmem.cli.rendering import Page

    begun = time.perf_counter()
    page = Page(silent=as_json)
    plan = script.shipped(ask) if file is None else script.own(read(file), file, ask)
    telling.opening(page, plan)

    page.heading("1. It reads the chat")
    with writing(str(path), "/".join(NAMESPACE)) as opened, bar() as progress:
        taken_in = ingesting.ingest(opened.bank, NAMESPACE, plan.chat, as_recorded=True, progress=progress)
    telling.taken_in(page, taken_in, path)

    page.heading("2. That process has closed the file; another one opens it and is asked")
    full_tokens = acts.full_history_tokens(plan.chat)
    told = _ask_all(page, path, plan, full_tokens, at_prompt=file not in (None, "-"))

    with writing(str(path), "/".join(NAMESPACE)) as opened:
        page.heading("3. A fact is corrected; what was said before stays on record")
        correction = plan.what_to_correct([hit.id for one in told for hit in one.hits])
        corrected = acts.correct(opened.bank, NAMESPACE, correction, _asked_about(told, correction.id))
        telling.corrected(page, corrected)
        page.heading("4. A message is forgotten, down to the bytes on disk")
        erasure = plan.what_to_forget(correction.id)
        erased = acts.forget(opened.bank, NAMESPACE, plan.chat, plan.turn(erasure.id), erasure)
        telling.erased(page, erased)
    seconds = time.perf_counter() - begun
    telling.closing(page, seconds, path if kept else None)
    if as_json:
        answer(
            "demo",
            db=str(path),
            ingested=taken_in,
            full_history_tokens=full_tokens,
            questions=told,
            correction=corrected,
            erasure=erased,
            seconds=round(seconds, 3),
        )


def _ask_all(page: Page, path: Path, plan: Plan, full_tokens: int, *, at_prompt: bool) -> list[Told]:
    """Ask another process every question; with none given, those typed at a prompt where there is one."""
    from agentmem.cli.demonstration import acts, telling
    from agentmem.cli.demonstration.answering import answering

    told: list[Told] = []
    with answering(path) as other:
        page.line(f"(process {other.pid}: python -m {answering.__module__} {path.name})", style="dim")
        telling.legend(page)
        for asked in plan.questions or _typed(at_prompt and sys.stdin.isatty()):
            told.append(acts.told(asked, other.ask(asked), full_tokens))
            telling.question(page, _number(told), told[-1], full_tokens)
    telling.score(page, told)
    return told


def _typed(at_prompt: bool) -> Iterator[Question]:
    """Questions typed at a prompt, until an empty line."""
    from agentmem.cli.demonstration.script import Question

    if not at_prompt:
        return
    while text := typer.prompt("\nAsk (Enter alone goes on)", default="", show_default=False).strip():
        yield Question(question=text)


def _number(told: Sequence[Told]) -> str:
    """The number of the newest question; the same one asked for another time keeps it."""
    texts = list(dict.fromkeys(one.question for one in told))
    again = sum(one.question == told[-1].question for one in told) > 1
    return f"{texts.index(told[-1].question) + 1}{' again' if again else ''}"


def _asked_about(told: Sequence[Told], id: str) -> str | None:
    """The question, as of now if there is one, that found the record `id`."""
    found = [one for one in told if id in {hit.id for hit in one.hits}]
    best = min(found, key=lambda one: one.known_at is not None, default=None)
    return None if best is None else best.question

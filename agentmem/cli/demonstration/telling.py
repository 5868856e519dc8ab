"""The demonstration as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agentmem.cli.demonstration.acts import Corrected, Erased, Told
from agentmem.cli.describing import head, parts, short, stamp, versions_table
from agentmem.cli.rendering import Cell, Page

if TYPE_CHECKING:
    from pathlib import Path

    from agentmem.cli.demonstration.script import Plan
    from agentmem.cli.ingesting import Ingested

SHOWN_CHARS = 110
ACTORS_SHOWN = 4
WORTH_SAYING = 1.5
"""Times; less is no saving."""
ANSWERED = "   <== here"


def opening(page: Page, plan: Plan) -> None:
    """What is about to happen."""
    turns = plan.chat.turns
    times = [turn.time for turn in turns if turn.time is not None]
    actors = list(dict.fromkeys(turn.actor for turn in turns if turn.actor))
    who = ", ".join(actors[:ACTORS_SHOWN]) + (", ..." if len(actors) > ACTORS_SHOWN else "")
    months = list(dict.fromkeys(f"{time:%B %Y}" for time in (min(times), max(times)))) if times else []
    when = f", {' to '.join(months)}" if months else ""
    page.line("agentmem: a memory for agents that loses nothing and can say why", style="bold")
    page.line(f"{plan.name}: {len(turns)} messages{when}, between {who}.")
    page.line("Nothing leaves this machine, and no language model is asked.")


def taken_in(page: Page, ingested: Ingested, bank: Path) -> None:
    """Act 1."""
    said = f"{ingested.stored} messages stored word for word"
    said += f", {ingested.corrections} of them correct an earlier one" if ingested.corrections else ""
    page.line(f"Format found: {ingested.format}. {said}.")
    rate = ingested.turns / max(ingested.seconds, 0.001)
    page.line(
        f"{ingested.seconds:.1f} s, {rate:.0f} messages a second. The memory is one file: "
        f"{bank.name}, {bank.stat().st_size / 1_000_000:.1f} MB."
    )
    for warning in ingested.warnings:
        page.line(f"ignored: {warning}", style="yellow")


def legend(page: Page) -> None:
    """What the parts of a score mean."""
    page.line("A score is a sum: dense = alike in meaning, text = the same words, near = what")
    page.line("stands beside it, names = said by a person named, asks = only asks something.")


def question(page: Page, number: str, answered: Told, full_tokens: int) -> None:
    """One question of act 2."""
    page.line()
    page.line(f"Question {number}: {answered.question}{_asked_for(answered)}", style="bold")
    if answered.say:
        page.line(answered.say, style="italic")
    if not answered.relevant:
        page.line()
        page.line("    nothing relevant", style="bold green")
        page.line()
        page.line(f"No guess, and 0 tokens of context instead of {full_tokens:,} for the whole chat.")
        return
    rows: list[list[Cell]] = []
    for rank, hit in enumerate(answered.hits, 1):
        mark = ANSWERED if hit.id in answered.evidence else ""
        lines = [head(hit.record) + mark, short(hit.text, SHOWN_CHARS), f"score = {parts(hit.parts)}"]
        rows.append([str(rank), f"{hit.score:.2f}", lines])
    page.table(["#", "score", "what was said"], rows)
    if answered.found is False:
        page.line(
            f"The message that answers it ({', '.join(answered.evidence)}) is not among these.",
            style="yellow",
        )
    page.line("What goes into the prompt:")
    page.block(answered.context.text)
    ratio = answered.ratio or 0.0
    fewer = f": {ratio:.0f} times fewer" if ratio >= WORTH_SAYING else " (it is short)"
    page.line(f"{answered.tokens} tokens instead of {full_tokens:,} for the whole chat{fewer}.")


def corrected(page: Page, done: Corrected) -> None:
    """Act 3."""
    page.line(f'Said before:   "{short(done.before, SHOWN_CHARS)}"')
    page.line(f'Corrected to:  "{done.after}"')
    page.line("Its history, from the first version on:")
    page.table(*versions_table(done.versions, SHOWN_CHARS))
    if done.found_now is not None:
        page.line(f'Asked again, "{done.question}" finds first: "{short(done.found_now, SHOWN_CHARS)}"')


def erased(page: Page, done: Erased) -> None:
    """Act 4."""
    page.line(f'{done.actor or "Somebody"} wants this gone: "{done.text}"')
    before, after = done.before, done.after
    rows: list[list[Cell]] = [
        ["found by a question about it", _yes(before.recalled), _yes(after.recalled)],
        ["in the journal", before.journal, after.journal],
        ["in the files: the whole text", f"{before.text} times", f"{after.text} times"],
    ]
    for word, times in before.words.items():
        rows.append([f'in the files: the word "{word}"', f"{times} times", f"{after.words[word]} times"])
    page.table(["", "before", "after"], rows)
    page.line(f"Searched: all {after.bytes:,} bytes of {', '.join(after.files)}.")
    for place in done.not_reached:
        page.line(f"not reached: {place}", style="yellow")


def closing(page: Page, seconds: float, kept: Path | None) -> None:
    """The last lines."""
    page.line()
    page.line(f"Done in {seconds:.0f} s.", style="bold")
    if kept is not None:
        page.line(f'The memory is kept: agentmem recall "..." --db {kept} --namespace demo')
    page.line(
        'Now yours:  agentmem ingest CHAT_FILE  and then  agentmem recall "what you want to know" --explain'
    )


def _asked_for(answered: Told) -> str:
    if answered.at is not None:
        return f"  (true on {stamp(answered.at)[:10]})"
    return f"  (as believed on {stamp(answered.known_at)[:10]})" if answered.known_at is not None else ""


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def score(page: Page, answered: Sequence[Told]) -> None:
    """How many questions were answered rightly, where that is known."""
    judged = [one for one in answered if one.found is not None]
    if judged:
        page.line()
        right = sum(bool(one.found) for one in judged)
        page.line(f"Found what answers it, or rightly nothing: {right} of {len(judged)}.", style="bold")

"""Commands that measure recall, and answers from what is recalled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentmem_bench.commands import options

commands = typer.Typer()


@commands.command()
def locomo(
    data: Annotated[Path | None, typer.Option(metavar="FILE", help="LoCoMo JSON.")] = None,
    k: Annotated[str, typer.Option(help="The k of recall@k.")] = "5,10,20",
    pipeline: options.Pipelines = None,
    answer: options.Answer = None,
    judge: options.Judge = None,
    budget: options.Budget = None,
    questions: options.Questions = None,
    rows: options.Rows = None,
    json: options.Json = None,
    split: options.Split = None,
    example: options.Example = False,
) -> None:
    """Evidence recall over very long dialogues (LoCoMo), with an ablation, tokens, time; or answers."""
    from agentmem_bench.answering.options import options
    from agentmem_bench.locomo import command

    if example:
        command.print_example()
    elif answers := options(answer, judge, budget, questions, rows):
        command.answer(data, answers, json, split)
    else:
        command.run(data, k, pipeline, json, split)


@commands.command()
def longmemeval(
    data: Annotated[Path | None, typer.Option(metavar="FILE", help="LongMemEval JSON.")] = None,
    k: Annotated[str, typer.Option(help="The k of recall@k.")] = "5,10,20",
    pipeline: options.Pipelines = None,
    answer: options.Answer = None,
    judge: options.Judge = None,
    budget: options.Budget = None,
    questions: options.Questions = None,
    rows: options.Rows = None,
    json: options.Json = None,
    split: options.Split = None,
    example: options.Example = False,
) -> None:
    """Evidence recall over long histories (LongMemEval), one memory a question; or answers."""
    from agentmem_bench.answering.options import options
    from agentmem_bench.longmemeval import command

    if example:
        command.print_example()
    elif answers := options(answer, judge, budget, questions, rows):
        command.answer(data, answers, json, split)
    else:
        command.run(data, k, pipeline, json, split)


@commands.command()
def floor(
    chat: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A conversation; the shipped one.")
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Labelled questions about it, JSON lines; the shipped ones."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="FILE", help="LoCoMo JSON as a check; never fitted on.")
    ] = None,
    json: options.Json = None,
) -> None:
    """Fit the floor of "nothing relevant" on labelled questions, and tell its error."""
    from agentmem_bench.floor import command

    command.run(chat, questions, data, json)

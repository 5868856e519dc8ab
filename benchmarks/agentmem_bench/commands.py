"""The command `agentmem bench`: one command a benchmark, the work in its package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="bench",
    add_completion=False,
    help="Measure it: every figure of the README comes from here.",
    no_args_is_help=True,
)

Json = Annotated[
    str | None,
    typer.Option("--json", metavar="OUT", help="Write the result as JSON to this file; - prints it."),
]
Answer = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL", help="Measure answers instead of recall: who answers, e.g. llama or openai:MODEL."
    ),
]
Judge = Annotated[str | None, typer.Option(metavar="MODEL", help="Who judges the answers.")]
Budget = Annotated[int | None, typer.Option(min=1, help="Tokens of a context to answer from; 1500.")]
Questions = Annotated[
    int | None, typer.Option(min=1, help="Answer a seeded sample of so many, by category; all.")
]
Rows = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write every answer here as it comes; go on where a run was ended."),
]
Split = Annotated[str | None, typer.Option(help="What the JSON calls this data; the file's name.")]
Example = Annotated[bool, typer.Option("--example", help="Print a small file that runs, and stop.")]
Pipelines = Annotated[
    list[str] | None, typer.Option(help="dense, bm25, fused or full; give it again for another; all.")
]


@app.callback()
def bench() -> None:
    """Measure it: every figure of the README comes from here."""


@app.command()
def locomo(
    data: Annotated[Path | None, typer.Option(metavar="FILE", help="LoCoMo JSON.")] = None,
    k: Annotated[str, typer.Option(help="The k of recall@k.")] = "5,10,20",
    pipeline: Pipelines = None,
    answer: Answer = None,
    judge: Judge = None,
    budget: Budget = None,
    questions: Questions = None,
    rows: Rows = None,
    json: Json = None,
    split: Split = None,
    example: Example = False,
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


@app.command()
def longmemeval(
    data: Annotated[Path | None, typer.Option(metavar="FILE", help="LongMemEval JSON.")] = None,
    k: Annotated[str, typer.Option(help="The k of recall@k.")] = "5,10,20",
    pipeline: Pipelines = None,
    answer: Answer = None,
    judge: Judge = None,
    budget: Budget = None,
    questions: Questions = None,
    rows: Rows = None,
    json: Json = None,
    split: Split = None,
    example: Example = False,
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


@app.command()
def task(
    scenarios: Annotated[
        Path | None,
        typer.Option(metavar="FILE_OR_FOLDER", help="Scenarios, YAML; the shipped ones, both splits."),
    ] = None,
    trim: Annotated[str, typer.Option(help="Who reads utterances: rule or model.")] = "rule",
    model: Annotated[
        str | None, typer.Option(metavar="MODEL", help="The model of the trim model; AGENTMEM_MODEL, llama.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(help="scenarios, prompts or forest; again for another; all, or scenarios alone."),
    ] = None,
    lengths: Annotated[str, typer.Option(help="Turns at which prompts are compared.")] = "10,50,200,1000",
    nodes: Annotated[int, typer.Option(min=1_000, help="Nodes of the large forest.")] = 100_000,
    plots: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Draw how prompts grow as SVG into this folder.")
    ] = None,
    json: Json = None,
    example: Example = False,
) -> None:
    """Task memory: slots and intents over written-down dialogues, prompt sizes, and a large forest."""
    from agentmem_bench.task import command

    if example:
        command.print_example()
    else:
        command.run(scenarios, trim, model, part, lengths, nodes, plots, json)


@app.command()
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
    json: Json = None,
) -> None:
    """Fit the floor of "nothing relevant" on labelled questions, and tell its error."""
    from agentmem_bench.floor import command

    command.run(chat, questions, data, json)


@app.command()
def speed(
    sizes: Annotated[str, typer.Option(help="Records of the banks.")] = "1000,10000,100000,1000000",
    part: Annotated[
        list[str] | None,
        typer.Option(
            help="recall, write, ingest, accuracy, peers, namespaces or shell; again for another; all."
        ),
    ] = None,
    ingest: Annotated[int, typer.Option(min=1, help="Texts of the bulk ingest.")] = 20_000,
    namespaces: Annotated[int, typer.Option(min=10, help="How many small namespaces.")] = 10_000,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Keep the banks here, and use those that are here; a temporary one."
        ),
    ] = None,
    plots: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Draw how it grows as SVG into this folder.")
    ] = None,
    json: Json = None,
) -> None:
    """Speed, size and memory from a thousand to a million records, beside limits and other stores."""
    from agentmem_bench.speed import command

    command.run(sizes, part, ingest, namespaces, keep, plots, json)


@app.command()
def models(
    model: Annotated[
        list[str] | None,
        typer.Option(help="openai:MODEL, llama, llama:PATH or hf:FOLDER; again for another; llama."),
    ] = None,
    tokens: Annotated[int, typer.Option(help="Tokens of a generated answer.")] = 128,
    json: Json = None,
) -> None:
    """Tokens and texts a second, and memory, of language models and the embedder, by device and precision."""
    from agentmem_bench.models import command

    command.run(model, tokens, json)


@app.command()
def longhorizon(
    world: Annotated[
        list[str] | None, typer.Option(help="blocksworld, gripper, …; again for another; all.")
    ] = None,
    budgets: Annotated[str, typer.Option(help="Tokens of contexts.")] = "256,512,1024,2048,4096,8192",
    seeds: Annotated[int, typer.Option(min=1, help="Problems of each world.")] = 6,
    part: Annotated[list[str] | None, typer.Option(help="grid or pace; again for another; all.")] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Let a model play the smallest problems too, e.g. llama."),
    ] = None,
    plots: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Draw success by budget as SVG into this folder.")
    ] = None,
    json: Json = None,
) -> None:
    """Long errands: does memory carry the facts that an agent needs, by budget, world and memory?"""
    from agentmem_bench.longhorizon import command

    command.run(world, budgets, seeds, part, model, plots, json)


@app.command()
def langchain(
    memories: Annotated[
        int, typer.Option(min=100, help="Memories beside which turns are measured.")
    ] = 10_000,
    turns: Annotated[int, typer.Option(min=10, help="Turns that are measured.")] = 200,
    agents: Annotated[int, typer.Option(min=1, help="Agents at once, 20 turns each.")] = 50,
    sizes: Annotated[str, typer.Option(help="Items of the stores.")] = "1000,10000,100000",
    part: Annotated[
        list[str] | None, typer.Option(help="overhead, crowd or stores; again for another; all.")
    ] = None,
    json: Json = None,
) -> None:
    """What memory costs an agent of LangChain, its store beside LangGraph's, and many agents at once."""
    from agentmem_bench.langchain import command

    command.run(memories, turns, agents, sizes, part, json)


@app.command()
def concepts(
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Problems, concepts and uses, JSON; our own, and generated ones."),
    ] = None,
    part: Annotated[
        list[str] | None, typer.Option(help="select, transfer, growth or pace; again for another; all.")
    ] = None,
    selector: Annotated[
        list[str] | None, typer.Option(help="popularity, bm25, embedding, …, full; again for another; all.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="A language model that goes through --tasks besides.")
    ] = None,
    tasks: Annotated[
        str, typer.Option(metavar="WHICH", help="ARC tasks for --model, as of `agentmem run arc`.")
    ] = "arcagi:evaluation@20",
    retries: Annotated[int, typer.Option(min=0, metavar="N", help="Retries of --model.")] = 1,
    json: Json = None,
    example: Example = False,
) -> None:
    """Concept memory: are the concepts found that a problem's solution uses? Leave one out."""
    from agentmem_bench.concepts import command

    if example:
        command.print_example()
    else:
        command.run(data, part, selector, model, tasks, retries, json)


@app.command()
def layered(
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Items, queries and feedback, JSON lines; generated streams."),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(help="streams, ablations, scale or market; again for another; streams."),
    ] = None,
    policy: Annotated[
        str | None, typer.Option(metavar="NAME_OR_FILE", help="A preset, or a policy as JSON, for --data.")
    ] = None,
    regime: Annotated[
        list[str] | None,
        typer.Option(help="market, support_desk or personal; again for another; all."),
    ] = None,
    split: Annotated[str, typer.Option(help="Seeds of generated streams: test or development.")] = "test",
    k: Annotated[str, typer.Option(help="The k of precision, recall and F1.")] = "5,10,20",
    size: Annotated[str, typer.Option(help="Items of the part scale.")] = "10000,100000,1000000",
    symbols: Annotated[
        str | None, typer.Option(metavar="A,B", help="What the part market trades; ten symbols.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Random traders of the part market.")] = 50,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a generated stream of --regime, and stop.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the stream that is written.")] = 1,
    plots: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Draw it as SVG into this folder.")
    ] = None,
    json: Json = None,
    example: Example = False,
) -> None:
    """Layered memory: is what still matters recalled, what has expired left out? And at a million items."""
    from agentmem_bench.arguments import numbers
    from agentmem_bench.layered import command, market, result

    if example:
        command.print_example()
    elif write is not None:
        command.write(write, (regime or ["market"])[0], seed)
    else:
        plan = result.Plan(
            parts=tuple(part or ()),
            data=data,
            policy=policy or result.POLICY,
            regimes=tuple(regime or ()),
            split=split,
            ks=tuple(numbers("--k", k, "5,10,20")),
            sizes=tuple(numbers("--size", size, "10000,100000")),
            market=market.plan_of(symbols, seeds),
        )
        command.run(plan, command.Out(plots, json))


@app.command()
def profile(
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Sentences by aspect, YAML; the shipped ones, both splits."),
    ] = None,
    reader: Annotated[str, typer.Option(help="Who reads: cues or model.")] = "cues",
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The model of the reader model; AGENTMEM_MODEL, llama."),
    ] = None,
    sentences: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Read a seeded sample of so many a split; all.")
    ] = None,
    json: Json = None,
    split: Split = None,
    example: Example = False,
) -> None:
    """A profile's reading: is it seen what a sentence is about, and what is about nothing?"""
    from agentmem_bench.profile import command

    if example:
        command.print_example()
    else:
        command.run(command.Plan(data, reader, model, sentences, split), json)


@app.command()
def likebench(
    memory: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME[@TOKENS]", help="A store, or a+b; oracle, none; again for another; all."),
    ] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT", help="With a memory of its own: openai:MODEL, or python:MODULE:NAME; again."
        ),
    ] = None,
    answer: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Who answers from a memory, e.g. llama; the probe, by rule."),
    ] = None,
    user: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Who words what the user says; its script.")
    ] = None,
    rater: Annotated[
        list[str] | None,
        typer.Option(metavar="MODEL", help="Who rates; again for one to agree with the first; by rule."),
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="How often a model rates each reply.")] = 1,
    same_model: Annotated[
        bool, typer.Option("--same-model", help="Let a rater rate what it answered itself.")
    ] = False,
    decoys: Annotated[
        int, typer.Option(min=0, metavar="N", help="Rate worse replies too, every N-th turn; 0: never.")
    ] = 5,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="TOKENS", help="Stop before models take more; with --rows.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what models would take, without asking one.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with plots, and dialogues to read.")
    ] = None,
    personas: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Personas, YAML; those that are shipped.")
    ] = None,
    generated: Annotated[
        int | None, typer.Option(min=0, metavar="SEED", help="Personas generated with this seed instead.")
    ] = None,
    count: Annotated[int | None, typer.Option(min=1, help="So many personas, the first ones; all.")] = None,
    variant: Annotated[list[str] | None, typer.Option(help="clean or noisy; both.")] = None,
    seeds: Annotated[str, typer.Option(help="Of the users' scripts.")] = "1,2,3",
    rows: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep a row for each turn, and go on with what is there."),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core.")] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write --count personas of --generated, and stop.")
    ] = None,
    enrich: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="With --write: let a model word what they do, for each anew."),
    ] = None,
    json: Json = None,
    example: Example = False,
) -> None:
    """Is a memory likable? Simulated users rate every reply; no model is needed."""
    from agentmem_bench.arguments import numbers
    from agentmem_bench.likebench import command, result
    from agentmem_bench.likebench.cast import cast_of

    if example:
        command.print_example()
    elif write is not None:
        command.write(write, generated or 0, count or 1, enrich)
    elif enrich is not None:
        command.refuse_enrich()
    else:
        plan = result.Plan(
            memories=tuple(memory or ()),
            systems=tuple(system or ()),
            personas=personas,
            generated=generated,
            count=count,
            variants=tuple(variant or result.Plan.variants),
            seeds=tuple(numbers("--seeds", seeds, "1,2,3")),
            rows=rows,
            workers=workers,
            cast=cast_of(user, answer, rater, repeats, decoys),
            same_model=same_model,
            limit=limit,
        )
        if dry_run:
            command.tell(plan, json)
        else:
            command.run(plan, json, page)


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(metavar="A.json", help="A result of any benchmark.")],
    second: Annotated[Path, typer.Argument(metavar="B.json", help="Another one of the same benchmark.")],
    a: Annotated[
        str | None, typer.Option("--a", metavar="MEASURE", help="Compare this measure of the first file …")
    ] = None,
    b: Annotated[
        str | None, typer.Option("--b", metavar="MEASURE", help="… with this one of the second file.")
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Compare though the data are not the same; with a caution.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Single figures side by side too, and those that hardly differ.")
    ] = False,
    json: Json = None,
) -> None:
    """Two results of one benchmark: which differences does chance not explain, unit by unit?"""
    from agentmem_bench.compare import command
    from agentmem_bench.compare.comparison import Plan

    command.run(first, second, Plan(a=a, b=b, anyway=anyway, every=every), json)

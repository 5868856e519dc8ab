"""The options that commands share, so that each is spelt and explained once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import typer

TrustName = Literal["user", "agent", "tool", "web"]
ScopeName = Literal["own", "prefix"]


class StateName(StrEnum):
    """The states that can be recalled: those of `agentmem.records.State` whose text is still there."""

    LIVE = "live"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    FADED = "faded"


Db = Annotated[
    str | None,
    typer.Option(
        "--db", metavar="PATH", help="The bank's file. Default: AGENTMEM_DB, agentmem.toml, else agentmem.db."
    ),
]
Namespace = Annotated[
    str | None,
    typer.Option(
        "--namespace",
        metavar="PATH",
        help="Whose memory: acme/user-7. Default: AGENTMEM_NAMESPACE, agentmem.toml, else default.",
    ),
]
AnyNamespace = Annotated[
    str | None,
    typer.Option("--namespace", metavar="PATH", help="Only this namespace. Default: all of the bank."),
]
Prefix = Annotated[
    str | None,
    typer.Option(
        "--namespace", metavar="PATH", help="This namespace and those under it. Default: all of the bank."
    ),
]
NoNamespace = Annotated[
    str | None,
    typer.Option(
        "--namespace", metavar="PATH", help="Taken as everywhere, but this command is about the whole bank."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON object, for programs.")]

Log = Annotated[
    Literal["text", "json"] | None,
    typer.Option("--log", help="How the log is written to stderr. Default: AGENTMEM_LOG, else text."),
]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"] | None,
    typer.Option("--log-level", help="From which level on. Default: AGENTMEM_LOG_LEVEL, else warning."),
]

Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="The language model: llama, openai:NAME, hf:FOLDER, ... Default: AGENTMEM_MODEL, agentmem.toml.",
    ),
]

Workers = Annotated[
    int,
    typer.Option(
        "--workers",
        min=0,
        metavar="N",
        help="Embed on so many workers of Ray ([ray]). Default: 0, in this process.",
    ),
]
RayAddress = Annotated[
    str | None,
    typer.Option(
        "--ray-address",
        metavar="ADDRESS",
        help="A Ray cluster, which is sent the texts. Default: RAY_ADDRESS, else on this machine.",
    ),
]

Actor = Annotated[str, typer.Option("--actor", metavar="NAME", help="Who said or did it.")]
Trust = Annotated[TrustName, typer.Option("--trust", help="Where it comes from; less never retires more.")]
Time = Annotated[
    str | None,
    typer.Option(
        "--time", metavar="TIME", help="When it happened (ISO 8601, UTC unless said). Default: now."
    ),
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept in the history.")]
Session = Annotated[str, typer.Option("--session", metavar="NAME", help="The conversation it is part of.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID", help="Ids, as `recall` shows them.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="An id, as `recall` shows it.")]

Asked = Annotated[
    str,
    typer.Argument(
        metavar="QUESTION", help="The question; `-` reads it from stdin. Without one: what is newest."
    ),
]
K = Annotated[int, typer.Option("-k", "--k", min=1, metavar="N", help="How many hits at most.")]
At = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="What was true at this time (default: now).")
]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="TIME", help="What was believed at this time.")
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Only what happened at this time or later.")
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="TIME", help="Only what happened up to this time; a date: its whole day."
    ),
]
Filter = Annotated[
    str | None,
    typer.Option("--filter", metavar="EXPR", help="""For example: actor = "Maya" and exists metadata.tag"""),
]
Entity = Annotated[
    str | None,
    typer.Option(
        "--entity",
        metavar="NAME",
        help="Only what mentions it, as `entities list` has it: a name, alias or id.",
    ),
]
Scope = Annotated[ScopeName, typer.Option("--scope", help="`prefix`: the namespaces under it, too.")]
States = Annotated[
    list[StateName] | None,
    typer.Option("--state", help="Which states may be recalled; repeat it for several. Default: live."),
]
NoFloor = Annotated[bool, typer.Option("--no-floor", help="Answer even where nothing is relevant.")]
Dedupe = Annotated[bool, typer.Option("--dedupe", help="Leave out near duplicates of better hits.")]
Mmr = Annotated[
    float | None,
    typer.Option("--mmr", min=0, max=1, metavar="X", help="Variety: 0 (most) to 1 (none). Default: off."),
]
Rerank = Annotated[
    bool,
    typer.Option(
        "--rerank", help="Let the cross-encoder in the folder AGENTMEM_RERANKER read the best anew."
    ),
]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="NAME=VALUE", help="An option of retrieval, as names=1.5; repeatable."),
]
Steps = Annotated[
    str | None,
    typer.Option("--steps", metavar="A,B", help="Steps of retrieval in order, as dense,text. Default: all."),
]
StoreName = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="NAME",
        help="Which memory is asked: episodic, full, profile, ...; or several as one: profile+episodic.",
    ),
]
OneStore = Annotated[
    str | None, typer.Option("--store", metavar="NAME", help="Only this store. Default: all.")
]

"""The JSON answers: one object a command, with these keys and no others.

`schema` is `agentmem.cli.<command>/<version>`; keys are only ever added within a version.
`python -m agentmem.cli.answers` prints this page as Markdown.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from typing import Any

from agentmem.cli.concepts_answers import CONCEPTS
from agentmem.cli.entities_answers import ENTITIES
from agentmem.cli.layers_answers import LAYERS
from agentmem.cli.market_answers import MARKET
from agentmem.cli.profile_answers import PROFILE

VERSION = 1
_SURROGATE = re.compile("[\ud800-\udfff]")

_WHERE = {"namespace": "the namespace, as written on the command line"}
_WHERE_OR_ALL = {"namespace": "the namespace that was named; null: the whole bank"}

_DONE = {
    **_WHERE,
    "node": "the node that it was about, as it is now",
    "receipt": "the receipt of the operation",
    "changes": "list: id, title, what (new, value, title, goal, output, status, stale, under, needs, gone), "
    "before, after",
    "alternatives": "list: ids of the values that stand beside it, where trust did not suffice",
}

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "remember": {
        **_WHERE,
        "receipt": "the receipt: event_id, seq, status, redacted, quarantined, derived, pending, "
        "tokens_spent, reason",
    },
    "recall": {
        **_WHERE,
        "query": "the question",
        "store": "the memory that was asked",
        "relevant": "whether there are hits",
        "hits": "list, best first: record, score, parts (they sum to the score), alternatives",
    },
    "why": {
        **_WHERE,
        "query": "the question",
        "store": "the memory that was asked",
        "explanation": "id, recalled, rank, score, parts; step and reason where it was not recalled",
    },
    "context": {
        **_WHERE,
        "query": "the question",
        "store": "the memory that was asked",
        "context": "text, stable, recalled, tokens, budget, tokenizer, items, left_out (reason by id)",
    },
    "chat": {
        **_WHERE,
        "session": "the conversation, in which its turns are kept",
        "store": "the memory that was asked",
        "model": "the language model",
        "said": "what was typed; each turn is one object",
        "answer": "what the model said; empty where it failed",
        "failure": "why it did; else empty",
        "context": "what it was shown of memory, as `context` says it",
        "hits": "list, best first: what stands in the context, as `recall` says it",
        "receipts": "list: those of the turn and of the answer",
        "usage": "calls, prompt_tokens, completion_tokens",
    },
    "show": {
        **_WHERE,
        "records": "list: the current versions, whatever their state",
        "events": "list: the events of those ids that are no record's, and of forgotten ones",
    },
    "history": {
        **_WHERE,
        "id": "the record",
        "versions": "list, oldest first: record, event_id, operation, recorded_at, why",
    },
    "correct": {
        **_WHERE,
        "id": "the record that was corrected",
        "receipt": "the receipt of the correction",
        "superseded_by": "list: ids of the records that stand in its place",
        "alternatives": "list: ids of the records that stand beside it, where trust did not suffice",
    },
    "retract": {**_WHERE, "ids": "the records", "receipts": "list: one for each store"},
    "undo": {
        **_WHERE,
        "id": "the record that stands again",
        "receipt": "the receipt of the undoing",
        "record": "the record as it is now",
        "out_of_recall": "list: ids of the records that stood in its place and do so no more",
        "alternatives": "list: ids of the records that stand beside it and say otherwise",
    },
    "retention": {"rules": "by namespace: max_age_days, max_events, max_bytes, archive"},
    "sweep": {
        "namespace": "the namespace at and under which it was done; null: the whole bank",
        "dry_run": "whether it was only counted",
        "swept": "list: namespace, rule, events, operations, records, archives",
        "not_reached": "list: what could not be taken off the disk, in words",
        "stopped": "what stopped it, after what `swept` tells had left; null: it came to its end",
    },
    "archive": {
        **_WHERE,
        "report": "as `forget` says it, and archive: the file; null where there was nothing to archive",
    },
    "audit": {
        **_WHERE,
        "entries": "list, newest first: seq, recorded_at, namespace, act, store, event_id, actor, trust, "
        "about, why, told (of an erasure: how much)",
    },
    "review.list": {
        **_WHERE,
        "suspects": "list, the oldest first: event, signs (none: it is caused by one that waits)",
        "next": "the number that `--after` takes for those that follow; null: these are the last",
    },
    "review.approve": {**_WHERE, "review": "approved, rebuilt, pending"},
    "review.reject": {**_WHERE, "report": "as `forget` says it"},
    "forget": {
        **_WHERE,
        "report": "events, operations, records, vectors, rebuilt, reopened, still_about, not_reached",
    },
    "scan": {
        **_WHERE_OR_ALL,
        "report": "found (list: namespace, event_id, store of an operation, kinds of credentials), masked, "
        "records, vectors, rebuilt, not_reached",
    },
    "ingest": {
        **_WHERE,
        "file": "the file; `-` is stdin",
        "format": "the format that was detected",
        "stored": "turns that are new",
        "duplicates": "turns that were there already",
        "redacted": "new turns in which a credential was masked",
        "refused": "turns that the screen refused",
        "forgotten": "turns that were forgotten before, and stay so",
        "corrections": "corrections applied now",
        "seconds": "time taken, vectors included",
        "turns_per_second": "turns by that time",
        "conversations": "list: the same for each, with namespace, turns, sessions, warnings, not_applied",
    },
    "export": {**_WHERE_OR_ALL, "file": "the file that was written", "events": "how many events"},
    "import": {"report": "stored, duplicates, forgotten (events), namespaces, not_applicable (ids)"},
    "stats": {
        **_WHERE_OR_ALL,
        "db": "the bank",
        "stats": "events, operations, quarantined, archived, forgotten, records (by store and state), "
        "vectors, waiting_for_vectors, pending (by state), namespaces, embedder, bytes",
        "namespaces": "list: all namespaces, as written on the command line",
        "growth": "list: events, bytes, and day or namespace; empty without --growth",
    },
    "spend": {
        **_WHERE_OR_ALL,
        "spent": "list: namespace, store, model; hour, day, all (of UTC, each with calls, prompt_tokens, "
        "completion_tokens, price_micros, unpriced_tokens)",
        "budgets": "list, of the whole bank: period, unit, limit, spent, left (tokens, or millionths of "
        "money), opens_at",
    },
    "verify": {
        "db": "the bank",
        "found": "list: each disagreement in words",
        "repaired": "whether a repair was asked for",
        "left": "list: what stands after it",
    },
    "rebuild": {**_WHERE, "records": "records by store"},
    "embed": {"db": "the bank", "texts": "how many texts were embedded now"},
    "reembed": {"db": "the bank", "report": "previous, embedder, texts (embedded now), erased (texts)"},
    "pending": {**_WHERE_OR_ALL, "pending": "list: event_id, namespace, store, state, attempts, error"},
    "retry": {**_WHERE, "pending": "list: what is still pending"},
    "changes": {
        **_WHERE,
        "changes": "list, newest first: the record versions that left recall",
        "standing": "list: ids of those that stand again",
    },
    "backup": {"db": "the bank", "file": "the copy", "bytes": "its size"},
    "fork": {"db": "the bank", "file": "the new bank", "bytes": "its size"},
    "migrate": {
        "migration": "source, target, rows (by table), seq (the number of the last change, of both)",
    },
    "doctor": {
        "healthy": "whether nothing that is needed is broken",
        "checks": "list: name, state (ok, note, broken), value, remedy",
    },
    "task.show": {
        **_WHERE,
        "graph": "the forest, as `agentmem task export FILE.json` writes it",
        "text": "the same in the form that --as names",
    },
    "task.export": {
        **_WHERE,
        "file": "the file that was written",
        "form": "mermaid, json, svg or rich",
        "nodes": "how many nodes",
    },
    "task.log": {
        **_WHERE,
        "node": "the node that was named; null: the whole forest",
        "log": "list, oldest first: event_id, seq, time, actor, session, trust, operation, node, title, "
        "what, text, why, caused_by",
        "values": "list, of a node that was named: value, time, event_id, why, current",
    },
    "task.prompt": {
        **_WHERE,
        "query": "the question",
        "context": "text, stable, recalled, tokens, budget, tokenizer, items, left_out (reason by id)",
    },
    "task.say": {
        **_WHERE,
        "trim": "who reads what is said",
        "receipt": "the receipt of what was said",
        "read": "list: the operations that it was read as, as `task log` tells them",
        "changes": _DONE["changes"],
        "pending": "list: event_id, namespace, store, state, attempts, error; where it was not read yet",
    },
    "task.add": _DONE,
    "task.update": _DONE,
    "task.rollback": _DONE,
    "task.merge": _DONE,
    "task.depend": _DONE,
    "task.complete": _DONE,
    "task.fail": _DONE,
    "task.activate": _DONE,
    "task.replace": _DONE,
    **CONCEPTS,
    **LAYERS,
    **PROFILE,
    **ENTITIES,
    "run": {
        "folder": "where the run is kept",
        "spec": "what was run, as in its run.json",
        "summary": "name, world, memory, policy, budget, planned and finished (episodes), success (share), "
        "progress, steps, invalid (means), tokens_per_step, seconds, memory_ms_per_step, ends (how many by "
        "what), episodes (list: episode, seed, result)",
    },
    "run.arc": {
        "folder": "where the run is kept; results.jsonl in it has each task in full",
        "spec": "what was run, as in its arc.json",
        "summary": "name, memory, solver, planned, finished, scored (tasks), attempts, oracle (list: k, "
        "depth, total, share), first, solved, verified, mistaken, failed (tasks), tried (programs), "
        "prompt_tokens, completion_tokens, seconds, held (list, after each task: problems, concepts, "
        "tokens, waiting), interrupted, tasks (list: task, solved, verified, tried, found, selected, "
        "cited, seconds, reason)",
    },
    **MARKET,
    "run.suite": {
        "folder": "where the suite is kept",
        "summary": "runs (list: folder, summary as of `run`, error), interrupted",
    },
    "run.list": {
        "worlds": "worlds by name, in words",
        "memories": "memories by name, in words",
        "policies": "policies by name, in words",
    },
    "trace.show": {
        "folder": "where the run is kept",
        "episode": "the episode, from 0",
        "file": "the page that was written",
        "steps": "how many steps it shows",
        "bytes": "its size",
    },
    "demo": {
        "db": "the bank; it is gone unless --db was given",
        "ingested": "what became of the chat, as `ingest` says it",
        "full_history_tokens": "tokens of the whole chat",
        "questions": "list: question, at, known_at, relevant, hits, tokens (of the context), ratio, "
        "evidence (expected ids), found (whether one is among the hits; null without evidence)",
        "correction": "id, before, after, versions; null where there was none",
        "erasure": "id, report, before and after (how often the text and its words stand in the files, "
        "whether it is recalled, its state in the journal); null where there was none",
        "seconds": "time taken",
    },
}


def answer(command: str, **fields: Any) -> None:
    """Print the JSON answer of `command`: on one line in a pipe, indented on a terminal."""
    if set(fields) != set(ANSWERS[command]):
        raise AssertionError(f"answer of {command!r} has the keys {sorted(fields)}, not the documented ones")
    answered = {"schema": f"agentmem.cli.{command}/{VERSION}", **fields}
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    indent = 2 if sys.stdout.isatty() else None
    told = json.dumps(answered, ensure_ascii=not is_utf8, indent=indent, default=_plain)
    # A path may hold bytes that are no UTF-8.
    print(_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", told))


def _plain(value: Any) -> Any:
    """The JSON form of our values."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no JSON form")


def page() -> str:
    """What this module documents, as Markdown."""
    lines = ["# JSON answers of the command line", ""]
    for command, keys in ANSWERS.items():
        lines += [f"## `agentmem.cli.{command}/{VERSION}`", "", "| key | |", "|---|---|"]
        lines += [f"| `{name}` | {meaning} |" for name, meaning in {"schema": "this name", **keys}.items()]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(page())

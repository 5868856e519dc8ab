"""The JSON answers of the command group `concepts`: one object a command, with these keys and no others."""

from __future__ import annotations

from collections.abc import Mapping

_WHERE = {"namespace": "the namespace, as written on the command line"}
_CONCEPT = (
    "id, version, form, kind, title, aliases, description, alternatives, parameters (name, type, "
    "description), output, cues, notes, hidden (how many cues and notes more there are)"
)
_CHANGED = {**_WHERE, "concept": f"the concept, as it is now: {_CONCEPT}", "is_new": "whether it is new"}
_PROBLEM = "id, problem (what the world calls it), text, solution, language, solved (null: not judged), trace"

CONCEPTS: Mapping[str, Mapping[str, str]] = {
    "concepts.list": {
        **_WHERE,
        "concepts": f"list: concept ({_CONCEPT}), uses (problems), outcomes (by kind)",
    },
    "concepts.problems": {
        **_WHERE,
        "problems": f"list, newest first (--problems): {_PROBLEM}, concepts (list: id, title)",
    },
    "concepts.show": {
        **_WHERE,
        "concept": f"the concept: {_CONCEPT}",
        "text": "the same in words, as a prompt tells it",
        "used_in": f"list of problems: {_PROBLEM}",
        "outcomes": "what became of it, by kind: selected, cited, helped, harmed, ...",
        "similar": "list of concepts that may be one with it: id, title",
        "beside": "list of concepts that say otherwise and are trusted more, or less: id, title",
        "fits": "list of its parameters: name, type, filled_by (list: id, title)",
        "history": "list, oldest first: record, event_id, operation, recorded_at, why",
    },
    "concepts.search": {
        **_WHERE,
        "query": "the problem, in words",
        "relevant": "whether there are hits",
        "hits": "list, best first: record, score, parts (they sum to the score), alternatives",
        "context": "with --budget, the prompt text: text, tokens, budget, items, left_out, ...; else null",
    },
    "concepts.add": _CHANGED,
    "concepts.revise": _CHANGED,
    "concepts.merge": {**_CHANGED, "gone": "the id of the one that is part of it now"},
    "concepts.attempt": {
        **_WHERE,
        "problem": f"the problem: {_PROBLEM}",
        "concepts": "list of the concepts that are used in it now: id, title",
        "pending": "list: event_id, namespace, store, state, attempts, error; what is not abstracted yet",
    },
    "concepts.judge": {
        **_WHERE,
        "problem": f"the problem: {_PROBLEM}",
        "concepts": "list of the concepts that are used in it now: id, title",
        "pending": "list: event_id, namespace, store, state, attempts, error; what is not abstracted yet",
    },
    "concepts.refusals": {
        **_WHERE,
        "refusals": "list, newest first: time, event_id, gate, title, problem, why",
    },
    "concepts.graph": {
        **_WHERE,
        "facts": "concepts, co_use, similar_to, fills (edges), alone (concepts without an edge)",
        "graph": "schema, nodes, edges, as `agentmem concepts graph --json-file FILE` writes them",
        "files": "list: the files that were written",
    },
    "concepts.export": {
        **_WHERE,
        "file": "the file that was written; null: the document stands in this answer",
        "document": "problems, concepts, uses; null where a file was written",
        "problems": "how many problems",
        "concepts": "how many concepts",
    },
    "concepts.import": {
        **_WHERE,
        "taken": "problems and concepts that are new; known: entries that were there already",
    },
}

"""The JSON answers of the command group `entities` and of copies as Markdown."""

from __future__ import annotations

from collections.abc import Mapping

_WHERE = {"namespace": "the namespace, as written on the command line"}
_ENTITY = (
    "id, version, name, kind (person, agent, organisation, place, thing), names (list, most frequent first: "
    "name, times), mentions (events), said (of these its own), first, last"
)
_FOUND = "list: namespace, events (ids)"
_CHANGED = {
    **_WHERE,
    "entity": f"the entity as it is now: {_ENTITY}",
    "receipt": "the receipt of the operation",
}

ENTITIES: Mapping[str, Mapping[str, str]] = {
    "entities.list": {
        **_WHERE,
        "entities": f"list, those that are mentioned most first: {_ENTITY}",
        "pending": "list: event_id, namespace, store, state, attempts, error; what is not read yet",
    },
    "entities.show": {
        **_WHERE,
        "entity": _ENTITY,
        "records": "list, newest first: what was said by it or mentions it, and stands",
    },
    "entities.merge": _CHANGED,
    "entities.split": {**_CHANGED, "apart": "the entity that the names are now, as `entity`"},
    "entities.alias": _CHANGED,
    "entities.export": {
        **_WHERE,
        "copy": f"names, folder, files, found ({_FOUND})",
    },
    "entities.erase": {
        **_WHERE,
        "erasure": "names, reports (by namespace, as `forget` says it), remaining (events that still hold "
        f"one of the names; {_FOUND}), not_reached",
    },
    "export.markdown": {**_WHERE, "copy": "folder, pages, records (how many)"},
    "import.markdown": {
        "report": "namespace, corrected, retracted, left (deleted, and not retracted), before (applied "
        "already; ids), unchanged (how many), conflicts (in words), missing (pages)"
    },
}

"""Items of a LangGraph store, as LangMem keeps its memories in one: a list of what `Item.dict()` gives."""

from __future__ import annotations

import json
from typing import Any

from agentmem.errors import FormatError
from agentmem.formats.conversation import Conversation, Format, Source, Turn, Warnings, grouped, moment, turn
from agentmem.records import Trust

REMEDY = "write the store's items as JSON: json.dump([item.dict() for item in store.search(())], file)"
KNOWN = ("namespace", "key", "value", "created_at", "updated_at", "score")
TEXTS = ("content", "memory", "text")
"""Under which keys of a value its text may stand; LangMem sets one `content` in another."""


def recognises(source: Source) -> bool:
    """Whether the file is a list of objects with a `namespace`, a `key` and a `value`."""
    document = source.document
    first = document[0] if isinstance(document, list) and document else None
    return isinstance(first, dict) and {"namespace", "key", "value"} <= set(first)


def read(source: Source) -> tuple[Conversation, ...]:
    """Read the items, those of each namespace as a conversation, the oldest first.

    Raises:
        FormatError: one is not as items are; names the key.
    """
    warnings = Warnings()
    turns: list[tuple[str, str, Turn]] = []
    for place, item in enumerate(source.document):
        where = f"{source.name}, key [{place}]"
        if not isinstance(item, dict) or not isinstance(item.get("value"), dict):
            raise FormatError(f"{where}: no item with a 'value' that is an object", REMEDY)
        namespace = item.get("namespace")
        if not isinstance(namespace, list) or not all(isinstance(label, str) for label in namespace):
            raise FormatError(f"{where}: its 'namespace' is no list of texts", REMEDY)
        warnings.unknown(item, KNOWN, where)
        said = turn(
            where,
            id="/".join([*namespace, str(item.get("key"))]),
            time=moment(item.get("updated_at") or item.get("created_at"), where),
            trust=Trust.AGENT,
            text=_text(item["value"]),
            data=item["value"],
        )
        turns.append(("/".join(namespace), where, said))
    return grouped(turns, FORMAT.name, warnings)


def _text(value: dict[str, Any]) -> str:
    """The text of a value: that of its content, else all of it."""
    for key in TEXTS:
        found = value.get(key)
        if isinstance(found, str) and found.strip():
            return found
        if isinstance(found, dict):
            return _text(found)
    return json.dumps(value, ensure_ascii=False)


FORMAT = Format("LangGraph store (LangMem)", recognises, read)

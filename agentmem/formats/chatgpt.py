"""A ChatGPT export: the `conversations.json` of its archive."""

from __future__ import annotations

from collections import Counter
from typing import Any

from agentmem.errors import FormatError
from agentmem.formats.conversation import (
    ROLES,
    Conversation,
    Format,
    Source,
    Turn,
    Warnings,
    check_ids,
    moment,
    turn,
)
from agentmem.records import Trust

REMEDY = "export the chats anew, and give the file conversations.json as it is"

SILENT = ("thoughts", "reasoning_recap", "user_editable_context", "model_editable_context")
"""Kinds of content that nobody said: the model's own notes, and settings."""


def recognises(source: Source) -> bool:
    """Whether the file is a list of objects with a `mapping`, or one of them."""
    document = source.document
    first = document[0] if isinstance(document, list) and document else document
    return isinstance(first, dict) and "mapping" in first


def read(source: Source) -> tuple[Conversation, ...]:
    """Read the current branch of every conversation that has one.

    Raises:
        FormatError: a conversation is not as exports are; names the key.
    """
    document = source.document if isinstance(source.document, list) else [source.document]
    warnings = Warnings()
    ids: Counter[str] = Counter()
    conversations = []
    for place, chat in enumerate(document):
        where = f"{source.name}, key [{place}]"
        if not isinstance(chat, dict) or not isinstance(chat.get("mapping"), dict):
            raise FormatError(f"{where}: no conversation with a 'mapping'", REMEDY)
        title = str(chat.get("title") or "")
        name = str(chat.get("conversation_id") or chat.get("id") or title or place)
        ids[name] += 1
        name = name if ids[name] == 1 else f"{name} ({ids[name]})"
        turns = _turns(chat, name, where, warnings)
        if turns:
            conversations.append(Conversation(id=name, format=FORMAT.name, title=title, turns=turns))
        else:
            warnings.add("a conversation without a message is left out", where)
    if not conversations:
        raise FormatError(f"{source.name}: no conversation holds a message", REMEDY)
    first = conversations[0].model_copy(update={"warnings": warnings.listed()})
    return (first, *conversations[1:])


def _turns(chat: dict[str, Any], session: str, where: str, warnings: Warnings) -> tuple[Turn, ...]:
    turns: list[tuple[str, Turn]] = []
    branch = _branch(chat, where)
    for node in branch:
        message = chat["mapping"][node].get("message")
        place = f"{where}.mapping[{node!r}].message"
        if message is None:
            continue
        if not isinstance(message, dict):
            raise FormatError(f"{place}: not an object", REMEDY)
        text, data = _content(message, place, warnings)
        if not text and not data:
            continue
        author = _object(message.get("author"))
        role = str(author.get("role") or "user")
        said = turn(
            place,
            id=str(message.get("id") or node),
            session=session,
            time=moment(message.get("create_time"), f"{place}.create_time"),
            actor=str(author.get("name") or role),
            trust=ROLES.get(role.lower(), Trust.TOOL),
            text=text,
            data=data,
        )
        turns.append((place, said))
    others = sum(1 for node, entry in chat["mapping"].items() if entry.get("message")) - sum(
        1 for node in branch if chat["mapping"][node].get("message")
    )
    if others:
        warnings.add("messages on other branches than the current one are left out", where)
    check_ids(turns)
    return tuple(each for _, each in turns)


def _branch(chat: dict[str, Any], where: str) -> list[str]:
    """Nodes from the root to the current one; without a current one, to the newest leaf."""
    mapping = chat["mapping"]
    for node, entry in mapping.items():
        if not isinstance(entry, dict):
            raise FormatError(f"{where}.mapping[{node!r}]: not an object", REMEDY)

    def created(node: str) -> float:
        moment = _object(mapping[node].get("message")).get("create_time")
        return moment if isinstance(moment, int | float) else 0.0

    leaves = [node for node, entry in mapping.items() if not entry.get("children")]
    node = chat.get("current_node") or max(leaves, key=created, default=None)
    branch: dict[str, None] = {}
    while node is not None:
        if not isinstance(node, str) or node not in mapping or node in branch:
            raise FormatError(f"{where}.mapping: node {node!r} is missing or its own ancestor", REMEDY)
        branch[node] = None
        node = mapping[node].get("parent")
    return list(branch)[::-1]


def _content(message: dict[str, Any], where: str, warnings: Warnings) -> tuple[str, dict[str, Any]]:
    """The text of a message, and what in it is no text."""
    content = message.get("content") or {}
    if not isinstance(content, dict):
        raise FormatError(f"{where}.content: not an object", REMEDY)
    kind = content.get("content_type", "text")
    if kind in SILENT or _object(message.get("metadata")).get("is_visually_hidden_from_conversation"):
        warnings.add("hidden messages (settings, the model's own notes) are left out", where)
        return "", {}
    parts = content.get("parts")
    if parts is None:
        parts = [content.get("text") or content.get("result") or ""]
    if not isinstance(parts, list):
        raise FormatError(f"{where}.content.parts: not a list", REMEDY)
    others = [part for part in parts if part is not None and not isinstance(part, str)]
    data: dict[str, Any] = {"parts": others} if others else {}
    if kind not in ("text", "multimodal_text"):
        data = {**data, "content_type": kind}
    text = "\n".join(part for part in parts if isinstance(part, str) and part)
    return text, data if text or others else {}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


FORMAT = Format("ChatGPT export", recognises, read)

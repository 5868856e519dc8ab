"""Reading a file of conversations: its format is found by its content, never by its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

from agentmem.errors import FormatError, InvalidInput, NotFound
from agentmem.formats import chatgpt, jsonlines, langgraph, locomo, mem0, plain
from agentmem.formats.conversation import Conversation, Format, Source

FORMATS: tuple[Format, ...] = (
    chatgpt.FORMAT,
    locomo.FORMAT,
    mem0.FORMAT,
    langgraph.FORMAT,
    jsonlines.FORMAT,
    plain.FORMAT,
)
"""Every format that can be read, in the order in which they are tried."""


def read_conversations(source: str | Path | IO[str] | IO[bytes]) -> tuple[Conversation, ...]:
    """Read all conversations of a file.

    Args:
        source: A path, or an open file such as `sys.stdin.buffer`.

    Raises:
        NotFound: there is no such file.
        FormatError: the file is empty, not UTF-8, in no known format, or not as its format says.
    """
    if isinstance(source, str | Path):
        name = str(source)
        try:
            content: str | bytes = Path(source).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"file {name} does not exist", "check the path") from error
        except OSError as error:
            raise FormatError(f"file {name} cannot be read: {error.strerror}", "give a file") from error
    else:
        name = str(getattr(source, "name", "standard input"))
        content = source.read()
    return parse_conversations(content, name)


def read_conversation(source: str | Path | IO[str] | IO[bytes], id: str | None = None) -> Conversation:
    """Read one conversation of a file: the only one, or the one with this `id`.

    Raises:
        NotFound: there is no such file, or no conversation with this `id` in it.
        FormatError: as `read_conversations`; or no `id` is given and the file holds several.
    """
    conversations = read_conversations(source)
    ids = ", ".join(conversation.id for conversation in conversations)
    if id is None:
        if len(conversations) > 1:
            raise FormatError(f"the file holds {len(conversations)} conversations", f"name one of {ids}")
        return conversations[0]
    for conversation in conversations:
        if conversation.id == id:
            return conversation
    raise NotFound(f"the file holds no conversation {id!r}", f"name one of {ids}")


def parse_conversations(content: str | bytes, name: str = "the text") -> tuple[Conversation, ...]:
    """Read all conversations of a text that is already there; `name` stands for it in messages.

    Raises:
        FormatError: as `read_conversations`.
    """
    text = _decoded(content, name)
    if not text.strip():
        raise FormatError(f"{name} is empty", "give a conversation: JSON lines or `Name: text` lines")
    document, problem = _document(text)
    source = Source(name, text, document)
    for form in FORMATS:
        if form.recognises(source):
            try:
                return form.read(source)
            except FormatError:
                raise
            except InvalidInput as error:
                raise FormatError(f"{name}: {error.message}", error.remedy) from error
    known = ", ".join(form.name for form in FORMATS)
    why = f" ({problem})" if problem and text.lstrip()[0] in "[{" else ""
    raise FormatError(f"{name} is in no format that can be read{why}", f"give one of: {known}")


def _decoded(content: str | bytes, name: str) -> str:
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise FormatError(
                f"{name} is not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}",
                "save it as UTF-8",
            ) from error
    return content.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _document(text: str) -> tuple[Any, str]:
    """The JSON value that the whole text is, or why it is none."""
    if text.lstrip()[0] not in "[{":
        return None, ""
    try:
        return json.loads(text), ""
    except json.JSONDecodeError as error:
        return None, f"as JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        return None, "as JSON: nested too deep"

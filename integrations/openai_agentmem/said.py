"""What was said or done in a conversation, whichever interface it came by; and the event that keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from agentmem.agents.remembering import keepable
from agentmem.records import Event, Trust

Role = Literal["user", "assistant", "tool"]
TEXTS = {"text": "text", "input_text": "text", "output_text": "text", "refusal": "refusal"}
"""Kinds of parts that hold text, and under which name."""
TRUST = {"user": Trust.USER, "assistant": Trust.AGENT, "tool": Trust.TOOL}
DIGEST = 16
"""Hexadecimal digits by which two images under the same words are told apart."""


@dataclass(frozen=True)
class Call:
    """A call of a tool: its name, its arguments as sorted JSON, and its id, which makes no difference."""

    name: str
    arguments: str
    id: str = field(default="", compare=False)


@dataclass(frozen=True)
class Part:
    """A part that is no text: its kind, and a digest of what it holds."""

    kind: str
    digest: str


@dataclass(frozen=True)
class Said:
    """One message.

    Attributes:
        role: Who said it; of a tool, what it answered.
        text: The text, `[image]` where a part is none.
        calls: The tools that it calls.
        answers: The id of the call that a tool's answer belongs to.
        parts: The parts that are no text.
    """

    role: Role
    text: str
    calls: tuple[Call, ...] = ()
    answers: str = field(default="", compare=False)
    parts: tuple[Part, ...] = ()

    @property
    def canonical(self) -> str:
        """All of it as text, the same whether it comes as an answer or, later, as history."""
        calls = [[call.name, call.arguments] for call in self.calls]
        said = [self.role, self.text, calls, [[part.kind, part.digest] for part in self.parts]]
        return json.dumps(said, ensure_ascii=False)

    @property
    def readable(self) -> str:
        """The text, and after it the calls as `name(arguments)`."""
        return "\n".join([*([self.text] if self.text else []), *(shown(call) for call in self.calls)])


def shown(call: Call) -> str:
    """A call as people read it."""
    return f"{call.name}({call.arguments})"


def plain(value: Any) -> Any:
    """`value` with what the clients' answers are made of as dictionaries and lists."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", warnings=False)
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def content(given: Any, joint: str = "\n") -> tuple[str, tuple[Part, ...]]:
    """The text of a message's content, and its parts that are none.

    Args:
        given: A text, or a list of parts.
        joint: What stands between two parts.
    """
    if given is None or isinstance(given, str):
        return (given or "").strip(), ()
    texts: list[str] = []
    others: list[Part] = []
    for part in given:
        if isinstance(part, str):
            texts.append(part)
        elif (kind := str(part.get("type", ""))) in TEXTS:
            texts.append(str(part.get(TEXTS[kind]) or ""))
        else:
            others.append(other(kind, part))
            texts.append(f"[{others[-1].kind}]")
    return joint.join(texts).strip(), tuple(others)


def other(kind: str, part: Any) -> Part:
    """A part that is no text, named as people would: `image` for `image_url` and `input_image`."""
    held = json.dumps(part, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
    return Part(kind.removeprefix("input_").removesuffix("_url") or "part", sha256(held).hexdigest()[:DIGEST])


def arguments(given: Any) -> str:
    """Arguments of a call as JSON with sorted keys; as they are where they are no JSON."""
    if isinstance(given, str):
        try:
            given = json.loads(given or "{}")
        except ValueError:
            return str(given)
    return json.dumps({} if given is None else given, ensure_ascii=False, sort_keys=True, default=str)


def question(said: Sequence[Said]) -> str:
    """The last words of the user's; empty: none."""
    return keepable(next((one.text for one in reversed(said) if one.role == "user"), ""))


def events(
    said: Sequence[Said], ids: Sequence[str], session: str, wanted: Iterable[str], cut_off: str = ""
) -> Iterator[Event]:
    """The events of a conversation; a tool's answer is caused by the message that called it.

    Args:
        said: The conversation.
        ids: The id of each.
        session: The session they belong to.
        wanted: Which of them.
        cut_off: Which of them did not come to its end.
    """
    calls = {call.id: (id, call) for one, id in zip(said, ids, strict=True) for call in one.calls if call.id}
    asked = set(wanted)
    for one, id in zip(said, ids, strict=True):
        if id in asked:
            asked.discard(id)
            cause, call = calls.get(one.answers, ("", None))
            yield event(one, id, session, call.name if call else "", cause, cut_off=id == cut_off)


def event(
    said: Said, id: str, session: str, tool: str = "", cause: str = "", *, cut_off: bool = False
) -> Event:
    """The event of one message."""
    data: dict[str, Any] = {
        "calls": [
            {"name": keepable(call.name), "arguments": keepable(call.arguments), "id": keepable(call.id)}
            for call in said.calls
        ],
        "answers": keepable(said.answers),
        "parts": [{"type": keepable(part.kind)} for part in said.parts],
        "cut_off": cut_off,
    }
    return Event(
        id=id,
        type=kind(said),
        actor=actor(said, tool),
        trust=TRUST[said.role],
        session=session,
        caused_by=(cause,) if cause else (),
        text=keepable(said.readable),
        data={name: value for name, value in data.items() if value},
    )


def kind(said: Said) -> str:
    """The type of its event: a message, an action where tools are called, an observation of a tool's."""
    if said.role == "tool":
        return "observation"
    return "action" if said.calls else "message"


def actor(said: Said, tool: str = "") -> str:
    """Whose it is: the user's, the agent's, or that tool's."""
    if said.role == "tool":
        return keepable(tool) or "tool"
    return "user" if said.role == "user" else "agent"

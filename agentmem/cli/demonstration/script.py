"""What the demonstration shows: a chat, questions, a correction, and a turn to forget."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from agentmem.cli.ingesting import turn_id
from agentmem.errors import InvalidInput
from agentmem.formats import Conversation, Turn, parse_conversations
from agentmem.records import Text, Time, Value

WORD_CHARS = 5
"""Letters of a word that is searched for in raw bytes; shorter ones occur there by chance."""

FORGET_CHARS = 300
"""Characters of a turn that is chosen to be forgotten, so that it can be shown whole."""

_WORD = re.compile(rf"[^\W\d_]{{{WORD_CHARS},}}")


class Question(Value):
    """A question, and what it shows."""

    question: Text
    kind: str = ""
    say: Text = ""
    at: Time | None = None
    known_at: Time | None = None
    evidence: tuple[Text, ...] = ()


class Correct(Value):
    """What is right instead of the turn `id`."""

    id: Text
    text: Text
    why: Text


class Forget(Value):
    """The turn to forget, and a question that finds it before."""

    id: Text
    ask: Text


@dataclass(frozen=True)
class Plan:
    """What is shown. Correction and erasure are chosen on the way where the script has none.

    Attributes:
        chat: The chat.
        name: What a person is told that it is.
        questions: Asked in this order.
        correction: What is corrected.
        erasure: What is forgotten.
    """

    chat: Conversation
    name: str
    questions: tuple[Question, ...]
    correction: Correct | None = None
    erasure: Forget | None = None

    @property
    def ids(self) -> list[str]:
        """The ids of the turns, as they are ingested."""
        return [turn.id or turn_id(turn, place) for place, turn in enumerate(self.chat.turns)]

    def turn(self, id: str) -> Turn:
        """The turn of an id."""
        return self.chat.turns[self.ids.index(id)]

    def what_to_correct(self, found: Sequence[str]) -> Correct:
        """A turn to correct: the script's, or else the best that was found, or the last one."""
        if self.correction is not None:
            return self.correction
        id = found[0] if found else self.ids[-1]
        text = self.turn(id).text or "(no text)"
        return Correct(id=id, text=f"(corrected in the demo) {text}", why="to show a correction")

    def what_to_forget(self, spared: str) -> Forget:
        """A turn to forget: the script's, or else one with words of its own, not `spared`."""
        return self.erasure or to_forget(self.chat, self.ids, spared)


def shipped(ask: Sequence[str]) -> Plan:
    """The chat in the package with its script, and further questions."""
    data = files(__package__) / "data"
    chat = parse_conversations((data / "chat.jsonl").read_text(encoding="utf-8"), "the shipped chat")[0]
    lines = (data / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    script = json.loads((data / "script.json").read_text(encoding="utf-8"))
    return Plan(
        chat=chat,
        name="A chat that comes with agentmem",
        questions=(
            *(Question.model_validate_json(line) for line in lines),
            *(Question(question=text) for text in ask),
        ),
        correction=Correct(**script["correct"]),
        erasure=Forget(**script["forget"]),
    )


def own(conversations: Sequence[Conversation], name: str, ask: Sequence[str]) -> Plan:
    """A chat of the user's: of several, the longest."""
    chat = max(conversations, key=lambda conversation: len(conversation.turns))
    name = f"{name}, the longest of its {len(conversations)} chats" if len(conversations) > 1 else name
    return Plan(chat=chat, name=name, questions=tuple(Question(question=text) for text in ask))


def distinctive(chat: Conversation, turn: Turn, most: int = 3) -> list[str]:
    """Words of `turn` that stand nowhere else in the chat, not even within another word."""
    others = "\n".join(
        f"{other.actor}\n{other.text}\n{other.corrects.why if other.corrects else ''}"
        for other in chat.turns
        if other is not turn
    ).lower()
    words = dict.fromkeys(word.lower() for word in _WORD.findall(turn.text))
    return [word for word in words if word not in others and word not in turn.actor.lower()][:most]


def to_forget(chat: Conversation, ids: Sequence[str], spared: str) -> Forget:
    """A turn that has words of its own, so that its absence can be proved.

    Args:
        chat: The chat.
        ids: The ids of its turns.
        spared: An id that is wanted later.

    Raises:
        InvalidInput: no turn has a word of its own.
    """
    words = [{word.lower() for word in _WORD.findall(turn.text)} for turn in chat.turns]
    counts = Counter(word for some in words for word in some)
    places = [
        place
        for place, turn in enumerate(chat.turns)
        if ids[place] != spared and turn.corrects is None and len(turn.text) <= FORGET_CHARS
    ]
    for place in sorted(places, key=lambda place: -sum(counts[word] == 1 for word in words[place])):
        if distinctive(chat, chat.turns[place]):
            return Forget(id=ids[place], ask=chat.turns[place].text)
    raise InvalidInput("no turn of this chat has a word of its own", "give a longer chat")

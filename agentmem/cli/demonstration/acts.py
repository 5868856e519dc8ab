"""The acts of the demonstration, as data: what was asked and answered, corrected, and forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agentmem.cli.demonstration.answering import Answer
from agentmem.cli.demonstration.script import Correct, Forget, Question, distinctive
from agentmem.records import Context, Hit, Namespace, Time, Value, Version

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.formats import Conversation, Turn

RECALLED = 10
"""A forgotten turn must not even be among so many hits, the floor taken away."""


class Told(Value):
    """One question with its answer.

    Attributes:
        question: As it was asked.
        kind: What kind of question it is.
        say: What it shows.
        at: What was true then.
        known_at: What was believed then.
        relevant: Whether there are hits.
        hits: Best first.
        context: The prompt text.
        tokens: What it costs.
        ratio: How many times more the whole chat would cost; none without a context.
        evidence: Ids of the turns that hold the answer.
        found: Whether one of them is among the hits, or rightly nothing; null where nobody knows.
    """

    question: str
    kind: str
    say: str
    at: Time | None
    known_at: Time | None
    relevant: bool
    hits: tuple[Hit, ...]
    context: Context
    tokens: int
    ratio: float | None
    evidence: tuple[str, ...]
    found: bool | None


class Corrected(Value):
    """A correction and its history, and what a question about it finds first now."""

    id: str
    before: str
    after: str
    versions: tuple[Version, ...]
    question: str | None
    found_now: str | None


class Presence(Value):
    """How far a turn is there.

    Attributes:
        recalled: Whether it is among the hits of a question about it.
        journal: Its state in the journal.
        text: How often its whole text stands in the files of the bank.
        words: How often each of its own words does.
        bytes: How many bytes were searched.
        files: Their names.
    """

    recalled: bool
    journal: str
    text: int
    words: dict[str, int]
    bytes: int
    files: tuple[str, ...]


class Erased(Value):
    """A forgotten turn: what it said (known to the demonstration alone now), before and after."""

    id: str
    actor: str
    text: str
    report: dict[str, int]
    not_reached: tuple[str, ...]
    before: Presence
    after: Presence


def full_history_tokens(chat: Conversation) -> int:
    """What the whole chat would cost in a prompt, as `Speaker: text` lines, in the same tokens."""
    from agentmem.records import spoken
    from agentmem.synthesis import MiniLMTokens

    return MiniLMTokens().count("\n".join(spoken(turn.actor, turn.text) for turn in chat.turns))


def told(question: Question, answer: Answer, full_tokens: int) -> Told:
    """A question with its answer, and whether that is right where the script knows (its `kind` is set)."""
    ids = {hit.id for hit in answer.hits}
    right = bool(ids & set(question.evidence)) if question.evidence else not answer.hits
    tokens = answer.context.tokens
    return Told(
        **dict(question),
        relevant=bool(answer.hits),
        hits=answer.hits,
        context=answer.context,
        tokens=tokens,
        ratio=round(full_tokens / tokens, 1) if tokens else None,
        found=right if question.kind else None,
    )


def correct(bank: Bank, namespace: Namespace, script: Correct, question: str | None) -> Corrected:
    """Correct a record, look at its history, and ask again."""
    store = bank.store("episodic", namespace)
    before = store.get([script.id])[0].text
    store.correct(script.id, script.text, script.why)
    hits = store.recall(question, k=1) if question else []
    return Corrected(
        id=script.id,
        before=before,
        after=script.text,
        versions=tuple(store.history(script.id)),
        question=question,
        found_now=hits[0].text if hits else None,
    )


def forget(bank: Bank, namespace: Namespace, chat: Conversation, turn: Turn, script: Forget) -> Erased:
    """Forget a turn, and look for it everywhere before and after."""
    words = distinctive(chat, turn)
    before = presence(bank, namespace, turn, script, words)
    report = bank.forget(namespace, records=[script.id])
    left = bank.scrub()
    return Erased(
        id=script.id,
        actor=turn.actor,
        text=turn.text,
        report={"events": len(report.events), "records": report.records, "vectors": report.vectors},
        not_reached=tuple(left),
        before=before,
        after=presence(bank, namespace, turn, script, words),
    )


def presence(bank: Bank, namespace: Namespace, turn: Turn, script: Forget, words: Sequence[str]) -> Presence:
    """How far a turn is there: in recall, in the journal, and in the bytes of all files of the bank."""
    hits = bank.store("episodic", namespace).recall(script.ask, k=RECALLED, floor=False)
    event = bank.events(namespace, [script.id])[0]
    files = list(bank.files())
    contents = [file.read_bytes() for file in files]
    lowered = [content.lower() for content in contents]
    return Presence(
        recalled=script.id in {hit.id for hit in hits},
        journal=event.state if event.text else f"{event.state}, empty",
        text=sum(content.count(turn.text.encode()) for content in contents),
        words={word: sum(content.count(word.encode()) for content in lowered) for word in words},
        bytes=sum(map(len, contents)),
        files=tuple(file.name for file in files),
    )

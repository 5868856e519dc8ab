"""What a context tells an attentive reader of a user; by fixed rules, from the suite's own sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from agentmem_bench.likebench.personas.content import lives, phrases, topics
from agentmem_bench.likebench.personas.schema import Dimension
from agentmem_bench.likebench.probe.text import occurring, sentences
from agentmem_bench.likebench.probe.wishes import PREFERENCE

ASSISTANT = "assistant"
"""Who says what is no evidence of the user."""
TAGGED = 2
"""So many messages that begin in a register show it, where nothing was said of it."""
TERMS = 2
"""So many terms in one message of a user's show an expert."""
_LINE = re.compile(r"^\[[^\]]+\] \S+ (?P<actor>.*?) \(\w+\): (?P<text>.*)$")
_QUOTED = re.compile(r"[\"“]([^\"”]{4,})[\"”]")
"""What is told of the user in the user's own words."""
_QUOTES = "\"'“”‘’"
_SLOT = re.compile(r"\\\{(\w+)\\\}")

Cue = tuple[Dimension, str, str | None]
"""A dimension, the wish, and the topic of knowledge."""


@dataclass(frozen=True)
class Evidence:
    """What was read.

    Attributes:
        wishes: By dimension.
        knowledge: By topic.
        meanings: Of own words, lower case.
        remarks: Sentences of the user's that are none of these.
    """

    wishes: Mapping[Dimension, str] = field(default_factory=dict)
    knowledge: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def read(context: str) -> Evidence:
    """Read a context; what it says twice counts once, and of what it says both ways the more often counts."""
    votes: dict[tuple[Dimension, str | None], Counter[str]] = {}
    meanings: dict[str, str] = {}
    remarks: list[str] = []
    tags: Counter[str] = Counter()
    for line in dict.fromkeys(_user_lines(context)):
        heard = _heard(line)
        for dimension, value, topic in heard.cues:
            votes.setdefault((dimension, topic), Counter())[value] += 1
        meanings |= heard.meanings
        remarks += heard.remarks
        tags.update(heard.tags)
    wishes = {dimension: _most(found) for (dimension, topic), found in votes.items() if topic is None}
    if "formality" not in wishes and tags and max(tags.values()) >= TAGGED:
        wishes["formality"] = _most(tags)
    knowledge = {topic: _most(found) for (_, topic), found in votes.items() if topic is not None}
    return Evidence(wishes, knowledge, meanings, tuple(dict.fromkeys(remarks)))


@dataclass(frozen=True)
class _Heard:
    """What one line tells."""

    cues: tuple[Cue, ...]
    meanings: Mapping[str, str]
    remarks: tuple[str, ...]
    tags: tuple[str, ...]


@lru_cache(maxsize=100_000)
def _heard(line: str) -> _Heard:
    """What a line tells; of equal sentences of one line each counts."""
    cues: list[Cue] = []
    meanings: dict[str, str] = {}
    remarks = []
    for sentence in sentences(line):
        bare = _untagged(sentence)
        plain = _plain(bare)
        if (cue := _cues().get(plain)) is not None:
            cues.append(cue)
        elif meaning := _meaning(bare):
            meanings[meaning[0].lower()] = meaning[1]
        elif plain not in _asks() and plain not in _small_talk():
            remarks.append(bare)
    topic = _topic_told(line)
    if topic is not None and len(occurring(topics()[topic].terms, line)) >= TERMS:
        cues.append(("knowledge", "expert", topic))
    return _Heard(tuple(cues), meanings, tuple(remarks), tuple(_tag(line)))


def topic_of(message: str) -> str | None:
    """The topic that a message asks about."""
    asked = [_asks()[plain] for one in _bare(message) if (plain := _plain(one)) in _asks()]
    return asked[-1] if asked else None


def _topic_told(message: str) -> str | None:
    """The topic that a message asks about, or else names, or speaks of in its terms."""
    if asked := topic_of(message):
        return asked
    lowered = message.lower()
    named = [name for name, topic in topics().items() if topic.name in lowered]
    if named:
        return named[0]
    known = {name: len(occurring(topic.terms, message)) for name, topic in topics().items()}
    best = max(known, key=lambda name: known[name])
    return best if known[best] >= TERMS else None


def mood_of(message: str) -> bool:
    """Whether a bad mood shows in a message."""
    return any(_plain(one) in _moods() for one in _bare(message))


def own_word(message: str) -> str | None:
    """What a message takes for known: the user's own word."""
    for sentence in _bare(message):
        for pattern in _uses():
            if found := pattern.fullmatch(sentence):
                return found["says"]
    return None


def called_to_mind(message: str, remarks: Sequence[str]) -> str | None:
    """The remark on a fact of the suite's that a message of the suite's calls to mind; none that does."""
    for sentence in _bare(message):
        fact = _moments().get(_plain(sentence))
        if fact is not None:
            found = [one for one in remarks if any(pattern.fullmatch(one) for pattern in _tellings()[fact])]
            return found[-1] if found else None
    return None


def is_small_talk(message: str) -> bool:
    """Whether a message says nothing that anything would be called to mind by."""
    return all(_plain(one) in _small_talk() or _plain(one) in _moments() for one in _bare(message))


def _user_lines(context: str) -> Iterator[str]:
    for line in context.splitlines():
        found = _LINE.match(line)
        if found is None:
            yield from (line, *_QUOTED.findall(line))
        elif found["actor"] != ASSISTANT:
            yield found["text"]


def _plain(sentence: str) -> str:
    """A sentence as it is looked up."""
    return sentence.strip().strip(_QUOTES).casefold()


def _most(votes: Counter[str]) -> str:
    """The value with most votes; of equal ones the latest."""
    most = max(votes.values())
    return [value for value, count in votes.items() if count == most][-1]


def _tag(line: str) -> list[str]:
    """The register that begins a line."""
    begins = line.casefold()
    return [
        name
        for name, tags in (("casual", phrases().casual), ("formal", phrases().formal))
        if any(begins.startswith(f"{tag.casefold()}, ") for tag in tags)
    ]


def _bare(message: str) -> list[str]:
    """The sentences of a message, without what begins it in a register."""
    return [_untagged(sentence) for sentence in sentences(message)]


def _untagged(sentence: str) -> str:
    """A sentence without what begins it in a register."""
    begins = sentence.casefold()
    for tag in (*phrases().casual, *phrases().formal):
        if begins.startswith(f"{tag.casefold()}, "):
            return sentence[len(tag) + 2 :]
    return sentence


@cache
def _cues() -> Mapping[str, Cue]:
    """First sentences of all that is said of wishes, and what they wish."""
    found: dict[str, Cue] = {}
    names = {name: dimension for dimension, name in PREFERENCE.items()}
    for name, values in phrases().preferences.items():
        for value, wording in values.items():
            for line in (*wording.states, *wording.complains):
                if name == "knowledge":
                    for topic, known in topics().items():
                        found[_first(line.format(topic=known.name))] = ("knowledge", value, topic)
                else:
                    found[_first(line)] = (names[name], value, None)
    for topic, known in topics().items():
        for line in known.beginner:
            found[_first(line)] = ("knowledge", "novice", topic)
        for line in known.old_hand:
            found[_first(line)] = ("knowledge", "expert", topic)
    return found


def _first(line: str) -> str:
    return _plain(sentences(line)[0])


@cache
def _asks() -> Mapping[str, str]:
    return {_plain(ask): name for name, topic in topics().items() for ask in topic.asks}


@cache
def _moods() -> frozenset[str]:
    bad = ("low", "angry", "anxious")
    return frozenset(_plain(one) for mood in bad for line in phrases().moods[mood] for one in sentences(line))


@cache
def _moments() -> Mapping[str, str]:
    return {_plain(line): fact.id for fact in lives().facts for line in fact.moments}


@cache
def _tellings() -> Mapping[str, list[re.Pattern[str]]]:
    """What matches the ways in which a fact of the suite's is told, by its id."""
    return {fact.id: [_pattern(line) for line in (*fact.explicit, *fact.implicit)] for fact in lives().facts}


@cache
def _small_talk() -> frozenset[str]:
    said = phrases()
    lines = (*said.off_topic, *said.openers, *said.closers, *said.thanks, *said.swings)
    wishes = (line for values in said.contradictions.values() for some in values.values() for line in some)
    return frozenset(_plain(one) for line in (*lines, *wishes) for one in sentences(line))


def _meaning(sentence: str) -> tuple[str, str] | None:
    """An own word and what it means, where a sentence explains it."""
    for pattern in _introductions():
        if found := pattern.fullmatch(sentence):
            return found["says"], found["means"]
    return None


@cache
def _introductions() -> list[re.Pattern[str]]:
    return [_pattern(line) for line in phrases().shorthand.introduces]


@cache
def _uses() -> list[re.Pattern[str]]:
    return [_pattern(line) for line in phrases().shorthand.uses]


def _pattern(template: str) -> re.Pattern[str]:
    """What matches a template with its slots filled, the first of the same name with any words."""
    seen: set[str] = set()

    def slot(found: re.Match[str]) -> str:
        again = found[1] in seen
        seen.add(found[1])
        return rf"(?P={found[1]})" if again else rf"(?P<{found[1]}>.{{1,60}}?)"

    return re.compile(_SLOT.sub(slot, re.escape(template)), re.IGNORECASE)

"""Synthetic turns and questions made from the shipped chat: as many as a size asks for.

Texts are sentences of the chat put together anew, as many in a turn as a real turn has, with some words
replaced from a list of made-up ones that is drawn from by a power law, so that a text has the length, the
common words and the rare words of a real one. Speed depends on such things; what a recall finds here says
nothing about quality.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agentmem.records import Event
from agentmem_bench.floor import data

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder, Matrix

SESSION = 20
"""Turns of a session."""
SPEAKERS = ("Nadia", "Joel", "Maya", "Leo", "Iris", "Tom", "Ruth", "Ben")
BEGIN = datetime(2021, 1, 4, 9, tzinfo=UTC)
PAUSE_MINUTES, TURN_SECONDS = 60, 90
"""At most so much lies between two sessions, and between two turns."""
WITH_TIME = 4
"""One question in so many names a time."""
COINED_SHARE = 0.2
"""Share of longer words that are replaced: 419 turns then have as many different words as the chat's 419."""
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_SYLLABLES = (
    *("ba", "cor", "den", "fi", "gal", "ho", "ir", "ka"),
    *("lum", "mer", "no", "pel", "qui", "ras", "so", "tev"),
)
_WORD = re.compile(r"[A-Za-z]{4,}")
_TEXTS, _VECTORS = "source.json", "source.npy"


@dataclass(frozen=True)
class Texts:
    """What is real of the texts.

    Attributes:
        sentences: Of the chat.
        lengths: How many sentences each of its turns has.
        questions: About it.
    """

    sentences: tuple[str, ...]
    lengths: tuple[int, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """What is real: texts, and vectors of turns and questions, shape (n, dimensions)."""

    texts: Texts
    vectors: Matrix

    @property
    def fingerprint(self) -> str:
        """Tells two sources, or two ways of making turns, apart."""
        hashed = blake2b(self.vectors.tobytes(), digest_size=8)
        for event in islice(turns(self.texts, 3 * SESSION, seed=0), 3 * SESSION):
            hashed.update(event.model_dump_json().encode())
        return hashed.hexdigest()


def source(embedder: Embedder) -> Source:
    """The shipped chat and questions, embedded for real."""
    texts, turns = shipped()
    return Source(texts, embedder.embed([*turns, *texts.questions]))


def shipped() -> tuple[Texts, list[str]]:
    """What is real of the texts, and the turns of the shipped chat."""
    labels = data.read(None, None)
    turns = [turn.text for turn in labels.chat.turns]
    split = [[found.strip() for found in _SENTENCE.findall(text) if found.strip()] for text in turns]
    questions = tuple(labelled.question for labelled in labels.questions)
    return Texts(tuple(one for some in split for one in some), tuple(map(len, split)), questions), turns


def save(real: Source, folder: Path) -> None:
    """Write a source to files, for processes that shall not embed anything."""
    (folder / _TEXTS).write_text(json.dumps(asdict(real.texts)), encoding="utf-8")
    np.save(vectors_file(folder), real.vectors)


def saved(folder: Path) -> Source | None:
    """What `save` wrote; none where it did not, or of another chat than the shipped one."""
    if not vectors_file(folder).is_file():
        return None
    kept = json.loads((folder / _TEXTS).read_text(encoding="utf-8"))
    texts = Texts(**{name: tuple(values) for name, values in kept.items()})
    return Source(texts, saved_vectors(folder)) if texts == shipped()[0] else None


def saved_vectors(folder: Path) -> Matrix:
    """The vectors that `save` wrote."""
    vectors: Matrix = np.load(vectors_file(folder), allow_pickle=False)
    return vectors


def vectors_file(folder: Path) -> Path:
    """Where `save` writes the vectors."""
    return folder / _VECTORS


class Coiner:
    """Made-up words, the rank of each draw by a power law (Zipf 1949): few are common, most are rare."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words = ["".join(parts) for n in (2, 3, 4) for parts in product(_SYLLABLES, repeat=n)]
        # The same words are common in turns and in questions.
        random.Random(0).shuffle(self._words)  # noqa: S311 - no secret

    def word(self) -> str:
        """One word."""
        return self._words[int(len(self._words) ** self._chance.random()) - 1]

    def into(self, text: str) -> str:
        """`text` with some of its longer words replaced."""
        return _WORD.sub(
            lambda found: self.word() if self._chance.random() < COINED_SHARE else found.group(), text
        )


def turns(real: Texts, count: int, seed: int) -> Iterator[Event]:
    """Turns of conversations: sessions of 20 with two speakers each, less than an hour apart."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    coiner = Coiner(chance)
    time = BEGIN
    pair: Sequence[str] = SPEAKERS[:2]
    for number in range(count):
        session, place = divmod(number, SESSION)
        if place == 0:
            pair = chance.sample(SPEAKERS, 2)
            time += timedelta(minutes=chance.randrange(PAUSE_MINUTES))
        said = " ".join(chance.choices(real.sentences, k=chance.choice(real.lengths)))
        time += timedelta(seconds=chance.randrange(TURN_SECONDS))
        yield Event(
            id=f"e{number}",
            session=f"s{session}",
            actor=pair[place % 2],
            time=time,
            text=coiner.into(said),
        )


def questions(real: Texts, count: int, seed: int, about: int) -> list[str]:
    """Distinct real questions with some words replaced, each to somebody, some of them about a month.

    Args:
        real: Whose questions.
        count: How many.
        seed: Of the choice.
        about: Of how many turns they are asked: the months are among those in which these were said.
    """
    chance = random.Random(f"questions {seed}")  # noqa: S311 - no secret
    coiner = Coiner(chance)
    mean = timedelta(minutes=PAUSE_MINUTES / SESSION / 2, seconds=TURN_SECONDS / 2)
    made: dict[str, None] = {}
    while len(made) < count:
        when = ""
        if len(made) % WITH_TIME == 0:
            when = f" in {BEGIN + chance.random() * about * mean:%B %Y}"
        asked = coiner.into(chance.choice(real.questions)).rstrip("?")
        made[f"{chance.choice(SPEAKERS)}, {asked}{when}?"] = None
    return list(made)

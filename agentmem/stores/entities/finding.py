"""Finding names: the speaker's, those that a recogniser sees in a text, and those known already."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from agentmem.records import Event, Trust
from agentmem.stores.english import pipeline
from agentmem.stores.entities.names import KINDS, MARKS, Kind, is_name, normal, plain
from agentmem.stores.entities.operations import Named

LEFT_OUT = ("tok2vec", "tagger", "parser", "attribute_ruler", "senter", "lemmatizer")
LONGEST = 100_000
"""Characters of a text that are read for names."""
WORDS = 3
"""Words of a name that is known already, at most."""
SHORTEST = 2
"""Characters of a name."""
_WORD = re.compile(rf"\w[\w{MARKS}\u200c\u200d'’-]*")
_BEGINS = re.compile(r"(?:^|[.?!:;\n])[\W_]*$")

Known = Callable[[Iterable[str]], Mapping[str, tuple[Kind, bool]]]
"""Of normal names those that are known: of what kind, and whether they count at the start of a sentence."""


@cache
def recogniser() -> Any:
    """The recogniser of names in English; loading it takes seconds, once."""
    return pipeline(LEFT_OUT)


def names_in(events: Sequence[Event], known: Known) -> list[list[Named]]:
    """The names in each event, the speaker's first; each once."""
    texts = [event.text[:LONGEST] for event in events]
    documents = recogniser().pipe(texts) if any(text.strip() for text in texts) else [None] * len(texts)
    candidates = [list(_candidates(text)) for text in texts]
    there = known({normal(name) for some in candidates for name, _ in some})
    return [
        _once([*_speaker(event), *_recognised(document), *_known(some, there)])
        for event, document, some in zip(events, documents, candidates, strict=True)
    ]


def _once(named: Iterable[Named]) -> list[Named]:
    found: dict[str, Named] = {}
    for one in named:
        key = normal(one.name)
        if key:
            found.setdefault(key, one)
    return list(found.values())


def _speaker(event: Event) -> list[Named]:
    name = plain(event.actor)
    kind: Kind = "person" if event.trust is Trust.USER else "agent"
    return [Named(name=name, kind=kind, speaks=True)] if name else []


def _recognised(document: Any) -> list[Named]:
    if document is None:
        return []
    found = [(plain(one.text), one.label_) for one in document.ents if one.label_ in KINDS]
    return [Named(name=name, kind=KINDS[label]) for name, label in found if _can_be(name)]


@cache
def _common() -> frozenset[str]:
    """Words that are no names by themselves."""
    from spacy.lang.en.stop_words import STOP_WORDS

    return frozenset(STOP_WORDS)


def _can_be(name: str) -> bool:
    return len(name) >= SHORTEST and is_name(name) and name.casefold() not in _common()


def _candidates(text: str) -> Iterator[tuple[str, bool]]:
    """Words, and words that stand together, that may be a name; and whether a sentence begins with them."""
    words = list(_WORD.finditer(text))
    for place, first in enumerate(words):
        if first[0][0].islower():
            continue
        begins = _BEGINS.search(text, max(0, first.start() - 8), first.start()) is not None
        for last in words[place : place + WORDS]:
            said = text[first.start() : last.end()]
            if "\n" in said:
                break
            if _can_be(said):
                yield plain(said), begins


def _known(candidates: Iterable[tuple[str, bool]], there: Mapping[str, tuple[Kind, bool]]) -> list[Named]:
    found = []
    for name, begins in candidates:
        kind, counts = there.get(normal(name), ("thing", False))
        if normal(name) in there and (counts or not begins):
            found.append(Named(name=name, kind=kind))
    return found

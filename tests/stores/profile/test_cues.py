"""Reading without a model, by the real embedder, on sentences that nothing was compared with."""

from __future__ import annotations

import numpy as np
import pytest

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.stores.profile.aspects import ASPECTS
from agentmem.stores.profile.cues import CueReader, exemplar_vectors
from agentmem.stores.profile.exemplars import OTHER, exemplars

WISHES = {name for name, aspect in ASPECTS.items() if aspect.single}


@pytest.fixture(scope="module")
def reader():
    embedder = open_embedder(Settings())
    return CueReader(exemplar_vectors(embedder), lambda texts: np.array(embedder.embed(list(texts))))


def test_most_wishes_are_found_and_little_else_is_taken_for_one(reader):
    said = [
        (one, aspect)
        for aspect, values in exemplars().exemplars.items()
        for some in values.values()
        for one in some.check
    ]
    said += [(one, OTHER) for one in exemplars().other.check]
    found = [one.aspect for one in reader.about([sentence for sentence, _ in said])]
    right = [aspect == about for about, (_, aspect) in zip(found, said, strict=True)]
    wished = [ok for ok, (_, aspect) in zip(right, said, strict=True) if aspect in WISHES]
    taken = [ok for ok, about in zip(right, found, strict=True) if about in WISHES]
    assert np.mean(wished) > 0.7
    assert np.mean(taken) > 0.7


def test_a_message_is_read_sentence_by_sentence(reader):
    told, nothing, once = reader.notes(
        [
            "Thanks! Please keep your answers short. My sister works as a nurse in Lyon.",
            "What is the weather like? It rained.",
            "For once, make your answer as long as you like.",
        ]
    )
    assert [(note.aspect, note.said) for note in told] == [
        ("length", "Please keep your answers short."),
        ("life", "My sister works as a nurse in Lyon."),
    ]
    assert nothing == []
    assert [(note.aspect, note.once) for note in once] in ([("length", True)], [])

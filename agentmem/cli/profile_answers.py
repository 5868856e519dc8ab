"""The JSON answers of the command group `profile`: one object a command, with these keys and no others."""

from __future__ import annotations

from collections.abc import Mapping

_WHERE = {"namespace": "the namespace, as written on the command line"}
_PENDING = {"pending": "list: event_id, namespace, store, state, attempts, error; what is not read yet"}
_PIECE = (
    "aspect, value (empty: not known), said (the words), shown (it shows, rather than being said), "
    "once (of this once), at, event (its id), counts (now, against the newest), holds (the strongest value "
    "with it)"
)

PROFILE: Mapping[str, Mapping[str, str]] = {
    "profile.show": {
        **_WHERE,
        "portrait": "list, a line of it each: aspect, title, value (empty: not known), words (for the "
        "value), text (the line in prompts), strength, times (pieces of evidence in all), said and shown "
        "(how many of those that are kept word for word), last (when), evidence (list, oldest first: "
        f"{_PIECE}), "
        "sources (ids of all events), record (its id)",
        "manner": "the record of how the user writes: text, payload.measures; null: not yet known",
        **_PENDING,
    },
    "profile.facts": {
        **_WHERE,
        "facts": "list of records, those that were said first, then by age; their metadata name the aspect",
        **_PENDING,
    },
    "profile.stand": {
        **_WHERE,
        "answer": "the record of the question: text is the answer, sources its events",
    },
    "profile.standing": {
        **_WHERE,
        "question": "the question that was asked; null: all",
        "answers": "list of records, oldest question first: payload.question, text (the answer), sources",
    },
    "profile.explain": {
        **_WHERE,
        "aspect": "the aspect",
        "title": "the same in words",
        "value": "the value that holds; empty: not known",
        "strength": "how strongly it does",
        "evidence": f"list, oldest first: {_PIECE}",
        "times": "how many pieces of evidence there were in all",
        "facts": "list of records, newest first, of an aspect whose findings each stand by themselves",
        "record": "the record of a line of the portrait; null: there is none",
    },
}

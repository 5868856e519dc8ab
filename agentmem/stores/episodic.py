"""Episodic memory: every observation, verbatim, one record each; it is under all other stores."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar, cast

from pydantic import JsonValue

from agentmem.bank.view import ApplyView
from agentmem.records import ChangeSet, Event, Record, spoken
from agentmem.stores.base import MemoryStore


class EpisodicStore(MemoryStore):
    """What was said and done, as it was; corrected by superseding, never changed.

    Options:
        aliases: Further names of actors, `{"Nadia": ["Nads"]}`.

    The record of an observation has the event's id. What is indexed is `Speaker: text`; an event
    without text is found by its data.
    """

    name: ClassVar[str] = "episodic"
    options: ClassVar[Mapping[str, JsonValue]] = {"aliases": {}}
    read_options: ClassVar[Collection[str]] = ("aliases",)

    def aliases(self) -> Mapping[str, Sequence[str]]:
        """Further names of actors by actor, as the option `aliases` gives them."""
        return cast(Mapping[str, Sequence[str]], self.option("aliases"))

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """An observation becomes a record; operations other than the shared ones change nothing."""
        if event.store:
            return ChangeSet()
        said = event.text or (json.dumps(event.data, ensure_ascii=False) if event.data else "")
        return ChangeSet(
            records=(
                Record.built(
                    **_BLANK,
                    payload=event.data,
                    metadata={},
                    id=event.id,
                    type=event.type,
                    text=event.text,
                    sources=(event.id,),
                    time=event.time,
                    actor=event.actor,
                    session=event.session,
                    indexed={"text": spoken(event.actor, said)} if said.strip() else {},
                ),
            )
        )


_GIVEN = {"id", "type", "text", "payload", "sources", "time", "actor", "session", "indexed", "metadata"}
_BLANK = {name: value for name, value in dict(Record(id="blank")).items() if name not in _GIVEN}
"""The other fields of a new record: an event is validated already, and validating twice costs at scale."""

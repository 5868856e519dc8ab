"""Episodic memory: every observation, verbatim, one record each; it is under all other stores."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, cast

from pydantic import JsonValue, ValidationError

from agentmem.bank.view import ApplyView
from agentmem.errors import InvalidInput
from agentmem.faults import first_fault
from agentmem.records import ChangeSet, Event, Record, spoken
from agentmem.stores.base import MemoryStore
from agentmem.synthesis.policy import PackPolicy


class EpisodicStore(MemoryStore):
    """What was said and done, as it was; corrected by superseding, never changed.

    Options:
        aliases: Further names of actors, `{"Nadia": ["Nads"]}`.
        pack: Fields of `PackPolicy` for its contexts: `{"show_time": false}`.

    The record of an observation has the event's id. What is indexed is `Speaker: text`; an event
    without text is found by its data.
    """

    name: ClassVar[str] = "episodic"
    options: ClassVar[Mapping[str, JsonValue]] = {"aliases": {}, "pack": {}}
    read_options: ClassVar[Collection[str]] = ("aliases", "pack")

    def aliases(self) -> Mapping[str, Sequence[str]]:
        """Further names of actors by actor, as the option `aliases` gives them."""
        return cast(Mapping[str, Sequence[str]], self.option("aliases"))

    def packing(self) -> PackPolicy:
        """How hits are packed: as the option `pack` says."""
        given = cast(Mapping[str, Any], self.option("pack"))
        try:
            return PackPolicy(**{"label_prefix": self.label_prefix, **given})
        except ValidationError as error:
            fault = first_fault(error)
            raise InvalidInput(
                f"option pack: {fault.where}: {fault.message}",
                f"it takes: {', '.join(PackPolicy.model_fields)}",
            ) from error

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

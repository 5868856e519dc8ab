"""The bank in plain Python: a list of acts, folded anew for every question.

It is the specification that `test_two_times.py` holds the bank to: what a record says, what was true at a time
and what was believed at another, after corrections, retractions, replacements, expiries and forgetting. It
knows nothing of versions in tables, of sequence numbers or of caches. All acts are the user's own; what less
trust may do is tested elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from agentmem.bank.sources import record_id


@dataclass(frozen=True)
class Done:
    """One act as the journal keeps it.

    Attributes:
        id: Of its event.
        recorded: When it became known.
        what: `observe`, `put`, `correct` or `retract`.
        time: When it was said.
        about: The record that a correction or a retraction is about.
        stood: The key under which that stood, if it did: where the event that it is called after is
            forgotten, the act is about what stands under its key.
        since: Since when what it says is true.
    """

    id: str
    recorded: datetime
    what: str
    text: str
    time: datetime
    about: str = ""
    stood: str | None = None
    key: str | None = None
    since: datetime | None = None
    expires: datetime | None = None
    tag: str = ""


class Says(NamedTuple):
    """One version of a record, and the act that made it."""

    text: str
    state: str
    time: datetime
    key: str | None
    begins: datetime | None
    ends: datetime | None
    expires: datetime | None
    tag: str
    sources: tuple[str, ...]
    made_by: str


class NotApplicable(Exception):
    """The act is about a record that does not stand."""


@dataclass
class Belief:
    """What is believed after some acts.

    Attributes:
        versions: By record id, oldest first.
        over: Which record supersedes which.
    """

    versions: dict[str, list[Says]] = field(default_factory=dict)
    over: set[tuple[str, str]] = field(default_factory=set)

    def stood(self, id: str) -> str | None:
        """The key under which a record stands, if it does."""
        one = self.versions[id][-1]
        return one.key if one.state == "live" and one.ends is None else None

    def now(self) -> dict[str, Says]:
        return {id: versions[-1] for id, versions in self.versions.items()}

    def standing(self, key: str) -> str | None:
        found = [
            id for id, one in self.now().items() if one.key == key and one.state == "live" and not one.ends
        ]
        assert len(found) <= 1, "one user says one thing under one key"
        return found[0] if found else None

    def apply(self, act: Done) -> None:
        """Take an act in.

        Raises:
            NotApplicable: it is about what does not stand.
        """
        {"observe": self._observe, "put": self._put, "correct": self._correct, "retract": self._retract}[
            act.what
        ](act)

    def _set(self, id: str, says: Says) -> None:
        self.versions.setdefault(id, []).append(says)

    def _change(self, id: str, act: Done, **changes: Any) -> None:
        self._set(id, self.versions[id][-1]._replace(made_by=act.id, **changes))

    def _observe(self, act: Done) -> None:
        self._set(act.id, said(act))

    def _put(self, act: Done) -> None:
        new = record_id(act.id, "episodic", 0)
        assert act.key is not None
        id = self.standing(act.key)
        if id is None:
            self._set(new, said(act, begins=act.since))
            return
        old = self.versions[id][-1]
        if act.since is None and act.text == old.text:
            self._set(id, said(act, begins=old.begins, time=old.time, sources=(*old.sources, act.id)))
        elif act.since is None and act.time < old.time:
            self._set(new, said(act, state="superseded"))
            self.over.add((id, new))
        elif act.since is None:
            self._set(id, said(act, begins=old.begins))
        else:
            begins = old.begins or (old.time if act.time < old.time else None)
            if begins is not None and act.since < begins:
                self._set(new, said(act, begins=act.since, ends=begins))
                self.over.add((id, new))
            else:
                self._change(id, act, ends=act.since)
                self._set(new, said(act, begins=act.since))
                self.over.add((new, id))

    def _meant(self, act: Done) -> str | None:
        if act.about in self.versions:
            return act.about
        return self.standing(act.stood) if act.stood else None

    def _correct(self, act: Done) -> None:
        new, id = record_id(act.id, "episodic", 0), self._meant(act)
        if id is not None:
            old = self.versions[id][-1]
            if old.state != "live" or old.ends is not None:
                raise NotApplicable
            ended = {"state": "superseded"} if act.since is None else {"ends": act.since}
            self._change(id, act, **ended)
            self.over.add((new, id))
        self._set(new, said(act, begins=act.since))

    def _retract(self, act: Done) -> None:
        id = self._meant(act)
        if id is None:
            raise NotApplicable
        if self.versions[id][-1].state == "live":
            self._change(id, act, state="retracted")


def said(act: Done, **other: Any) -> Says:
    """What an act says, as a live record of its own, but for what is said otherwise."""
    plain = Says(act.text, "live", act.time, act.key, None, None, act.expires, act.tag, (act.id,), act.id)
    return plain._replace(**other)


@dataclass
class Journal:
    """All acts, and which of them are forgotten."""

    acts: list[Done] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)

    def remembered(self) -> list[Done]:
        return [act for act in self.acts if act.id not in self.forgotten]

    def believed(self, at: datetime | None = None) -> Belief:
        """What was believed at a time, of what is not forgotten by now; none: what is believed."""
        belief = Belief()
        for act in self.remembered():
            if at is None or act.recorded <= at:
                with suppress(NotApplicable):  # what it was about, or what let it stand again, is forgotten
                    belief.apply(act)
        return belief


def true_at(belief: Belief, at: datetime, states: Sequence[str] = ("live",)) -> set[str]:
    """The ids of what was true at a time; of what is superseded nobody asks when it was."""
    return {id for id, one in belief.now().items() if one.state in states and _holds(one, at, states)}


def _holds(one: Says, at: datetime, states: Sequence[str]) -> bool:
    if one.expires is not None and one.expires <= at:
        return False
    return "superseded" in states or (
        (one.begins is None or one.begins <= at) and (one.ends is None or one.ends > at)
    )


def turning_points(belief: Belief) -> Iterator[datetime]:
    """The times at which something begins, ends or expires."""
    for one in belief.now().values():
        yield from (time for time in (one.begins, one.ends, one.expires) if time is not None)

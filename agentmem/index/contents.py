"""Which slots hold the same content: versions of a record whose text stayed share one entry of an index."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agentmem.index.ranking import Mask, Scores, Slots, grown

NONE = -1


class Contents:
    """Numbers of contents, by slot: what the indexes of a field call slots.

    As long as nothing is shared, a slot's content has the slot's own number, and nothing is held here. After
    that contents are numbered on by themselves, in the order of the slots that brought them. The slots of a
    content hang together in a ring. Not safe for threads, its owner holds a lock; but `of` may be asked of
    slots that are known at any time.
    """

    def __init__(self) -> None:
        self._is_shared = False
        self._size = 0
        self._count = 0
        self._of = np.zeros(0, np.int32)
        self._ring = np.zeros(0, np.int32)
        self._home = np.zeros(0, np.int32)

    @property
    def is_shared(self) -> bool:
        """Whether some slots ever held the same content."""
        return self._is_shared

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._of.nbytes + self._ring.nbytes + self._home.nbytes

    def add(self, slots: Slots) -> Slots:
        """Give each of `slots`, which are new, a content of its own; their numbers."""
        if not len(slots):
            return slots
        self._reach(int(slots.max()) + 1)
        if not self._is_shared:
            return slots
        contents = np.arange(self._count, self._count + len(slots))
        self._count += len(slots)
        self._home = grown(self._home, self._count)
        self._home[contents] = self._ring[slots] = slots
        self._of[slots] = contents
        return contents

    def share(self, slots: Slots, others: Slots) -> None:
        """Let each of `slots`, ascending and new, hold what the lower slot beside it in `others` holds.

        Those may be among `slots` themselves.
        """
        if not len(slots):
            return
        if not self._is_shared:
            self._number()
        self._reach(int(slots.max()) + 1)
        contents = self.of(origins(slots, others))
        self._of[slots] = contents
        order = np.argsort(contents, kind="stable")
        contents, slots = contents[order], slots[order]
        homes = self._home[contents[_firsts(contents)]].astype(np.int64)
        after = self._ring[homes]
        self._string(contents, slots, homes)
        self._ring[slots[_firsts(contents)]] = after

    def _string(self, contents: Slots, slots: Slots, homes: Slots) -> None:
        """Lead from each of `homes` to the last slot of a content, from it to the one before, to the first.

        Slots stand by content, ascending; there is one home for each content.
        """
        is_first = _firsts(contents)
        self._ring[slots[~is_first]] = slots[np.flatnonzero(~is_first) - 1]
        self._ring[homes] = slots[np.append(is_first[1:], True)] if len(slots) else slots

    def _number(self) -> None:
        """Write down the numbers that went without saying."""
        self._of, self._ring, self._home = (np.arange(self._size, dtype=np.int32) for _ in range(3))
        self._is_shared, self._count = True, self._size  # last: `of` may be asked meanwhile

    def _reach(self, size: int) -> None:
        """Know slots up to `size`."""
        self._size = max(self._size, size)
        if self._is_shared:
            self._of = grown(self._of, size, NONE)
            self._ring = grown(self._ring, size, NONE)

    def of(self, slots: Slots) -> Slots:
        """The content of each of `slots`; -1 for a slot that has none."""
        if not self._is_shared:
            return slots
        known = (slots >= 0) & (slots < len(self._of))
        return np.where(known, self._of[np.where(known, slots, 0)], NONE).astype(np.int64)

    def masked(self, allowed: Mask | None) -> Mask | None:
        """Which contents some slot holds that `allowed`, a mask over slots, lets pass; none: all."""
        if allowed is None or not self._is_shared:
            return allowed
        mask = np.zeros(self._count + 1, np.bool_)  # the last place is that of slots without content
        mask[self._of[np.flatnonzero(allowed[: len(self._of)])]] = True
        return mask[:-1]

    def holding(self, contents: Slots, scores: Scores, allowed: Mask | None) -> tuple[Slots, Scores]:
        """The slots that hold `contents` and that `allowed` lets pass, each with the score of its content."""
        if not self._is_shared:
            return contents, scores
        slots, places = self._around(contents)
        if allowed is not None:
            kept = allowed[slots]
            slots, places = slots[kept], places[kept]
        return slots, scores[places]

    def _around(self, contents: Slots) -> tuple[Slots, Slots]:
        """All slots that hold `contents`, and the place in `contents` of what each holds."""
        homes = self._home[contents].astype(np.int64)
        at, places = homes, np.arange(len(homes))
        slots_found, places_found = [at], [places]
        while len(at):
            at = self._ring[at].astype(np.int64)
            goes_on = at != homes[places]
            at, places = at[goes_on], places[goes_on]
            slots_found.append(at)
            places_found.append(places)
        return np.concatenate(slots_found), np.concatenate(places_found)

    def remove(self, slots: Slots) -> tuple[Slots, dict[int, int]]:
        """Take `slots` out; those that hold nothing are passed over.

        Returns:
            The contents that no slot holds any more; and a slot that holds what it held still, for each of
            `slots` of which there is one.
        """
        if not self._is_shared:
            return slots, {}
        slots = np.unique(slots[self.of(slots) != NONE])
        of = self.of(slots)
        contents = np.unique(of)
        held, places = self._around(contents)
        order = np.lexsort((held, places))
        order = order[~np.isin(held[order], slots)]
        held, left = held[order], contents[places[order]]
        homes = held[_firsts(left)]
        self._home[left[_firsts(left)]] = homes
        self._string(left, held, homes)
        self._of[slots] = NONE
        stays = np.isin(of, left)
        heirs = dict(zip(slots[stays].tolist(), self._home[of[stays]].tolist(), strict=True))
        return np.setdiff1d(contents, left), heirs


def _firsts(contents: Slots) -> Mask:
    """Where a run of equal numbers begins."""
    return np.asarray(np.diff(contents, prepend=NONE) != 0)


def origins(slots: Slots, others: ArrayLike) -> NDArray[np.int64]:
    """Where each of `others` leads: while it is among `slots` (ascending), on to the one beside it there."""
    leads = np.array(others, np.int64)
    if not len(leads):
        return leads
    while True:  # twice as far each time
        places = np.minimum(np.searchsorted(slots, leads), len(slots) - 1)
        inside = slots[places] == leads
        if not inside.any():
            return leads
        leads[inside] = leads[places[inside]]

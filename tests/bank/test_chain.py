"""The chain of a session, in pieces and with removals, against sorted lists."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agentmem.bank.chain import NONE, Chain

said = st.tuples(st.integers(-1, 2), st.integers(0, 4), st.booleans())
"""Session (negative: none), time, and whether it is removed once the piece is linked."""


@given(st.lists(st.lists(said, max_size=6), max_size=4))
def test_slots_are_linked_by_time_and_then_by_slot(pieces):
    chain, expected, size = Chain(), {}, 0
    for piece in pieces:
        slots = np.arange(size, size + len(piece))
        size += len(piece)
        sessions = np.array([session for session, _, _ in piece], np.int64)
        times = np.array([time for _, time, _ in piece], np.int64)
        chain.extend(slots, sessions, times, size)
        for slot, (session, time, _) in zip(slots.tolist(), piece, strict=True):
            expected.setdefault(session, set()).add((time, slot))
        for slot, (session, time, is_removed) in zip(slots.tolist(), piece, strict=True):
            if is_removed:
                expected[session].discard((time, slot))
                chain.remove(slot, session)
    apart = expected.pop(-1, set())
    assert all(chain.step(np.array([slot]), step) == NONE for _, slot in apart for step in (-1, 1))
    for members in expected.values():
        slots = np.array([slot for _, slot in sorted(members)], np.int64)
        assert chain.step(slots, 1).tolist() == [*slots[1:].tolist(), NONE][: len(slots)]
        assert chain.step(slots, -1).tolist() == [NONE, *slots[:-1].tolist()][: len(slots)]

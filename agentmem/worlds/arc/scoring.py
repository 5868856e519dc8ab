"""oracle@k: how much of a problem k attempts solve, over all ways to choose them and depths of retry."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from agentmem.errors import InvalidInput

Passed = Sequence[bool]
"""Which test cases of a problem a step passes, in order."""
Thread = Sequence[Passed]
"""The steps of one attempt: the first answer, then the retries."""


def oracle(attempts: Sequence[Passed], k: int) -> float:
    """oracle@k of one problem, 0 to 1 (the official measure of ARC, as ArcMemo, section 4, reports it).

    The mean, over all subsets of `k` attempts, of the share of test cases that any attempt of the subset
    passes. In closed form: of n attempts c pass a case, so C(n - c, k) of the C(n, k) subsets do not.

    Args:
        attempts: For each attempt, which test cases it passes.
        k: How many attempts count.

    Raises:
        InvalidInput: there are fewer than `k` attempts, `k` is less than 1, or attempts differ in their
            number of test cases or have none.
    """
    count = len(attempts)
    if not 1 <= k <= count:
        raise InvalidInput(
            f"oracle@{k} of {count} attempts", "count 1 attempt at least, and no more than there are"
        )
    cases = len(attempts[0])
    if not cases or any(len(one) != cases for one in attempts):
        raise InvalidInput(
            f"attempts have {sorted({len(one) for one in attempts})} test cases",
            "say of each case whether it passed",
        )
    subsets = comb(count, k)
    missed = sum(comb(count - sum(map(bool, case)), k) for case in zip(*attempts, strict=True))
    return 1 - missed / (cases * subsets)


def at_depth(thread: Thread, depth: int) -> Passed:
    """What a thread passes at a depth of retry: by its last step up to there.

    Args:
        thread: Its steps.
        depth: 0: no retry.

    Raises:
        InvalidInput: it has no step, or `depth` is less than 0.
    """
    if not thread or depth < 0:
        raise InvalidInput(
            f"depth {depth} of a thread of {len(thread)} steps", "give its first answer, and a depth from 0"
        )
    return thread[min(depth, len(thread) - 1)]


def oracle_at_depth(threads: Sequence[Thread], k: int, depth: int) -> float:
    """oracle@k of one problem at a depth of retry, 0 to 1.

    Raises:
        InvalidInput: as `oracle` and `at_depth` say.
    """
    return oracle([at_depth(thread, depth) for thread in threads], k)


def total(problems: Sequence[Sequence[Thread]], k: int, depth: int = 0) -> float:
    """oracle@k summed over problems: how many are solved, those with several tests in part.

    Raises:
        InvalidInput: as `oracle` and `at_depth` say.
    """
    return sum(oracle_at_depth(threads, k, depth) for threads in problems)

"""Runs the checks against a store."""

from __future__ import annotations

import tempfile
import time
import traceback
from collections.abc import Collection, Sequence
from pathlib import Path

from agentmem.bank import MemorySpec
from agentmem.errors import NotFound
from agentmem.records import Event
from agentmem.stores.base import MemoryStore
from agentmem.testing.checks import CHECKS
from agentmem.testing.other_process import refuse_in_second
from agentmem.testing.promise import Check, DoesNotApply, is_slow, told
from agentmem.testing.report import Outcome, Report
from agentmem.testing.trial import Subject, Trial


def checks(*, slow: bool = False, only: Collection[str] = ()) -> list[Check]:
    """The checks in the order in which they are run.

    Args:
        slow: Whether to take in those that last seconds.
        only: Names of the checks wanted; none: all.

    Raises:
        NotFound: no check has that name.
    """
    known = {check.__name__: check for check in CHECKS}
    unknown = sorted(set(only) - set(known))
    if unknown:
        raise NotFound(f"there is no check {unknown[0]!r}", f"there are: {', '.join(known)}")
    if only:
        return [check for name, check in known.items() if name in only]
    return [check for check in CHECKS if slow or not is_slow(check)]


def conformance(
    store: type[MemoryStore] | MemorySpec | str,
    *,
    samples: Sequence[Event | str] | None = None,
    slow: bool = False,
    only: Collection[str] = (),
    embedder: str = "hashing",
) -> Report:
    """Hold a store to its promises, each check on a bank of its own in a temporary folder.

    Args:
        store: Its class, its name, or a spec with options and members.
        samples: Events that the store makes something of; none: a short talk.
        slow: Whether to kill processes too, which takes seconds.
        only: Names of the checks wanted; none: all.
        embedder: The setting of the banks' embedder.

    Raises:
        NotFound: no store, or no check, has that name.
        InvalidInput: a script that does not guard its call is imported by a second process of the suite.
    """
    refuse_in_second()
    wanted = checks(slow=slow, only=only)
    subject = Subject.of(store, samples, embedder)
    return Report(store=subject.spec.store, outcomes=tuple(outcome(check, subject) for check in wanted))


def outcome(check: Check, subject: Subject) -> Outcome:
    """Run one check in a folder of its own."""
    result = {"check": check.__name__, "promise": told(check)}
    with tempfile.TemporaryDirectory(prefix="agentmem-") as folder:
        trial = Trial(subject, Path(folder))
        start = time.perf_counter()
        try:
            check(trial)
        except DoesNotApply as reason:
            result |= {"result": "not applicable", "reason": str(reason)}
        except Exception as error:  # a store's own code may raise anything: that fails the check
            said = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
            result |= {"result": "failed", "reason": said, "trace": traceback.format_exc()}
        else:
            result |= {"result": "passed"}
        finally:
            trial.close()
    return Outcome(**result, seconds=round(time.perf_counter() - start, 3))

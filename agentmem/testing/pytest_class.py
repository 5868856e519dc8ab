"""The suite as a test class: one test a check. Nothing here needs pytest until pytest runs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from agentmem.bank import MemorySpec
from agentmem.records import Event
from agentmem.stores.base import MemoryStore
from agentmem.testing.conformance import checks
from agentmem.testing.promise import Check, DoesNotApply
from agentmem.testing.trial import Subject, Trial

if TYPE_CHECKING:
    import pytest


class StoreConformance:
    """Subclass it as `Test…` and name the store.

    Attributes:
        store: Its class, its name, or a spec with options and members.
        samples: Events that the store makes something of; none: a short talk.
        slow: Whether to kill processes too, which takes seconds.
        only: Names of the checks wanted; none: all.
        embedder: The setting of the banks' embedder.
    """

    store: ClassVar[type[MemoryStore] | MemorySpec | str]
    samples: ClassVar[Sequence[Event | str] | None] = None
    slow: ClassVar[bool] = False
    only: ClassVar[Collection[str]] = ()
    embedder: ClassVar[str] = "hashing"

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each check."""
        wanted = checks(slow=self.slow, only=self.only)
        metafunc.parametrize("check", wanted, ids=[check.__name__ for check in wanted])

    def test_conforms(self, check: Check, tmp_path: Path) -> None:
        """The store keeps the promise that `check` holds it to."""
        import pytest

        trial = Trial(Subject.of(self.store, self.samples, self.embedder), tmp_path)
        try:
            check(trial)
        except DoesNotApply as reason:
            pytest.skip(str(reason))
        finally:
            trial.close()

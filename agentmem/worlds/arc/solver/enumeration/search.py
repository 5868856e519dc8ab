"""Search: programs over a library by ascending cost, until one gives the outputs asked for."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Hashable, Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from agentmem.errors import InvalidInput
from agentmem.stores.concept.routines import Library
from agentmem.stores.concept.types import fits, parse
from agentmem.worlds.arc.solver.enumeration.content import keyed
from agentmem.worlds.arc.solver.enumeration.grammar import grammar_of
from agentmem.worlds.arc.solver.enumeration.guards import bounded, ticking
from agentmem.worlds.arc.solver.enumeration.guide import INPUT, Guide
from agentmem.worlds.arc.solver.enumeration.operations import Entry, Operation
from agentmem.worlds.arc.solver.enumeration.outcome import Found, Outcome, Stopped
from agentmem.worlds.arc.solver.enumeration.policy import Limits, SearchPolicy
from agentmem.worlds.arc.solver.enumeration.terms import Signature, Term, closed, program, value

_NOTHING = keyed(None, 1_000)[0]
_ENTRY = 400
"""About what an entry holds beside its values, in bytes."""


def search(
    library: Library,
    signature: Signature,
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    *,
    guide: Guide | None = None,
    limits: Limits | None = None,
    policy: SearchPolicy | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Outcome:
    """Searches the programs that map inputs to outputs, the likeliest by the guide first.

    Deterministic as long as the clock does not end it: the programs tried under a larger limit begin with
    those tried under a smaller one. A routine that raises, changes what it is given, or gives something too
    large makes a program invalid, and so does one that takes too long, as far as it can be interrupted.
    Routines without parameters are not used.

    Args:
        library: Of routines and constants.
        signature: What a program takes and gives.
        inputs: Of the examples, and after these inputs without an output: a program must have a value for
            them too, and two that differ there are two answers.
        outputs: Of the examples, in the order of their inputs, at least one.
        guide: What is likely; None: everything alike.
        limits: Where to stop.
        policy: Constants.
        clock: Gives seconds.

    Raises:
        InvalidInput: no outputs, or more than inputs; or an input or output is itself too large.
    """
    if not 0 < len(outputs) <= len(inputs):
        raise InvalidInput(f"{len(outputs)} outputs for {len(inputs)} inputs", "give each output an input")
    for name in (signature.parameter, INPUT):
        if name in library.routines or name in library.constants:
            raise InvalidInput(
                f"library {library.name!r} has the input's name {name!r}", "rename one of them"
            )
    run = _Search(
        library,
        signature,
        inputs,
        outputs,
        guide or Guide(),
        limits or Limits(),
        policy or SearchPolicy(),
        clock,
    )
    return run.outcome()


class _Enough(Exception):
    """The search ends here."""

    def __init__(self, why: Stopped) -> None:
        super().__init__(why)
        self.why = why


class _TooSlow(Exception):
    """A routine takes too long."""


class _Search:
    """One search and its state."""

    def __init__(
        self,
        library: Library,
        signature: Signature,
        inputs: Sequence[Any],
        outputs: Sequence[Any],
        guide: Guide,
        limits: Limits,
        policy: SearchPolicy,
        clock: Callable[[], float],
    ) -> None:
        self._library, self._signature, self._limits, self._policy = library, signature, limits, policy
        self._clock, self._begun = clock, clock()
        self._end = float("inf") if limits.seconds is None else self._begun + limits.seconds
        self._given = inputs
        frozen = tuple(deepcopy(one) for one in inputs)
        try:
            for one in frozen:
                keyed(one, policy.value_bytes)
            self._targets = tuple(keyed(deepcopy(one), policy.value_bytes)[0] for one in outputs)
        except ValueError as error:
            raise InvalidInput(f"an example holds {error}", "raise value_bytes of the policy") from error
        self._grammar = grammar_of(library, signature, frozen, guide, policy)
        self._seen: set[Hashable] = set()
        self._found: list[Found] = []
        self._applying, self._ticked = False, -1
        self._tried = self._invalid = self._distinct = self._held = 0

    def outcome(self) -> Outcome:
        with (
            bounded(2 * self._limits.memory),
            ticking(self._policy.slow_seconds, self._tick),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            try:
                self._begin()
                self._run()
            except _Enough as end:
                why = end.why
            except MemoryError:
                why = "memory"
            else:
                why = "exhausted"
        seconds = self._clock() - self._begun
        return Outcome(tuple(self._found), self._tried, self._invalid, self._distinct, seconds, why)

    def _tick(self) -> None:
        """Ends an application that was there at the last tick already.

        Again at the next where the first was lost, as in a finalizer.
        """
        if self._applying and self._ticked == self._tried:
            raise _TooSlow
        self._ticked = self._tried

    def _begin(self) -> None:
        """Keeps the input, the constants and the routines as values."""
        goal = parse(self._signature.output)
        for type_, entry in self._grammar.leaves:
            if callable(entry.values[0]) and entry.fixed:
                self._keep(entry, type_, 0)
                continue
            try:
                keys, size = self._keyed(entry.values)
            except ValueError as error:
                fault = f"constant {entry.head!r} of library {self._library.name!r} holds {error}"
                raise InvalidInput(
                    fault, "take smaller constants, or raise value_bytes of the policy"
                ) from error
            self._consider(entry, type_, keys, size, entry.cost, answers=fits(goal, parse(type_)))

    def _run(self) -> None:
        """Goes through the costs, and at each through the operations."""
        cost = 1
        operations = self._grammar.operations
        while any(one.dearest >= cost for one in operations):
            for operation in operations:
                if operation.cost > cost:
                    break
                for arguments in operation.combinations(cost):
                    self._try(operation, arguments, cost)
            cost += 1

    def _try(self, operation: Operation, arguments: tuple[Entry, ...], cost: int) -> None:
        """Applies a routine, and keeps what it gives, where that is new."""
        if self._tried >= self._limits.tried:
            raise _Enough("tried")
        if self._clock() > self._end:
            raise _Enough("seconds")
        self._tried += 1
        fixed = all(one.fixed for one in arguments)
        if operation.shape is not None:
            self._close(operation, arguments, cost, fixed=fixed)
            return
        function, limit = operation.function, self._policy.value_bytes
        columns = [one.values[:1] if fixed else one.values for one in arguments]
        values, keys, size = [], [], 0
        try:
            self._applying = True
            for given in zip(*columns, strict=True):
                result = function(*given)
                key, held = keyed(result, limit)
                values.append(result)
                keys.append(key)
                size += held
        except KeyboardInterrupt:
            raise
        except BaseException:  # whatever a routine raises, the program is invalid and the search goes on
            self._applying = False
            self._invalid += 1
            return
        self._applying = False
        if _NOTHING in keys:
            self._invalid += 1
            return
        if fixed:
            count = len(self._given)
            values, keys = values * count, keys * count
        term = Term(operation.name, tuple(one.term for one in arguments))
        later = cost + operation.within
        entry = Entry(term, tuple(values), later, operation.name, leaf=False, fixed=fixed)
        self._consider(entry, operation.output, tuple(keys), size, cost, answers=operation.answers)

    def _close(self, operation: Operation, arguments: tuple[Entry, ...], cost: int, *, fixed: bool) -> None:
        """Keeps a routine of whose parameters some are filled."""
        rest = iter(arguments)
        entries = [None if is_open else next(rest) for is_open in operation.shape or ()]
        shape = tuple(None if one is None else one.term for one in entries)
        values = tuple(
            closed(
                operation.function,
                shape,
                tuple(None if one is None else one.values[place] for one in entries),
            )
            for place in range(len(self._given))
        )
        entry = Entry(Term(operation.name, shape), values, cost, operation.name, leaf=False, fixed=fixed)
        self._keep(entry, operation.output, 0)

    def _keyed(self, values: tuple[Any, ...]) -> tuple[tuple[Hashable, ...], int]:
        found = [keyed(one, self._policy.value_bytes) for one in values]
        return tuple(key for key, _ in found), sum(size for _, size in found)

    def _consider(
        self,
        entry: Entry,
        type_: str,
        keys: tuple[Hashable, ...],
        size: int,
        cost: int,
        *,
        answers: bool,
    ) -> None:
        """Keeps an entry where no other of its type is equal on all inputs; as a program it has this cost."""
        content = (type_, keys)
        if content in self._seen:
            return
        self._seen.add(content)
        if answers and keys[: len(self._targets)] == self._targets:
            self._answer(entry, keys, cost)
        self._keep(entry, type_, size)

    def _keep(self, entry: Entry, type_: str, size: int) -> None:
        self._distinct += 1
        self._held += size + _ENTRY
        if self._held > self._limits.memory:
            raise _Enough("memory")
        for feed in self._grammar.receivers[type_]:
            feed.offer(entry)

    def _answer(self, entry: Entry, keys: tuple[Hashable, ...], cost: int) -> None:
        """Takes a program as found, where it gives the same again on inputs that nothing has touched."""
        try:
            again = tuple(
                value(entry.term, self._library, self._signature, deepcopy(one)) for one in self._given
            )
            if self._keyed(again)[0] != keys:
                return
        except Exception:  # a routine that does not do the same twice
            return
        text = program(entry.term, self._library, self._signature)
        self._found.append(Found(entry.term, text, again, self._tried, cost / self._policy.steps))
        if len(self._found) >= self._limits.answers:
            raise _Enough("found")

"""The checks, in the order in which they are run. Each gets a fresh trial and is free of pytest."""

from agentmem.testing.checks.changing import (
    advanced,
    changed_since,
    corrected,
    corrected_by,
    expired,
    fed_back,
    retracted,
    trust_of_sources,
    trusted,
    undone,
)
from agentmem.testing.checks.deriving import (
    derived_alike,
    failed_derivation,
    failed_restart,
    hanging_derivation,
)
from agentmem.testing.checks.erasing import erased_bytes, forgotten, shared_sources
from agentmem.testing.checks.keeping import (
    concurrency,
    hostile_text,
    killed,
    known_ids,
    restated,
    round_trip,
)
from agentmem.testing.checks.reading import budget, expanded, explained, from_coroutines, isolation
from agentmem.testing.checks.replaying import attached_late, elsewhere, imported, rebuilt, restarted
from agentmem.testing.promise import Check

CHECKS: tuple[Check, ...] = (
    round_trip,
    known_ids,
    restated,
    hostile_text,
    concurrency,
    killed,
    isolation,
    budget,
    expanded,
    explained,
    from_coroutines,
    corrected,
    changed_since,
    corrected_by,
    retracted,
    undone,
    trusted,
    trust_of_sources,
    expired,
    fed_back,
    advanced,
    forgotten,
    shared_sources,
    erased_bytes,
    restarted,
    elsewhere,
    rebuilt,
    imported,
    attached_late,
    failed_derivation,
    failed_restart,
    hanging_derivation,
    derived_alike,
)

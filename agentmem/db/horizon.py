"""Up to which sequence number a view sees: one number, or one for each namespace.

Numbers are given in the order of commits. What was imported is older than its number says, so that a past
moment is at different numbers in different namespaces.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, String, bindparam, cast, literal, select

from agentmem.db.functions import EntriesOf, Item

Horizon: TypeAlias = int | Mapping[int, int]
"""A sequence number; or one by the number of each namespace that is seen."""


def up_to(horizon: Horizon, namespace: int) -> int:
    """The number up to which one namespace is seen."""
    return horizon if isinstance(horizon, int) else horizon[namespace]


def bound(namespace: ColumnElement[Any], horizon: Horizon) -> ColumnElement[int]:
    """The number up to which rows of `namespace`, a column, are seen."""
    if isinstance(horizon, int):
        return literal(horizon, BigInteger)
    by_namespace = bindparam(None, json.dumps(horizon), type_=String())
    each = EntriesOf(by_namespace).table_valued("key", "value")
    return (
        select(Item(each.c.value, BigInteger()))
        .where(each.c.key == cast(namespace, String))
        .scalar_subquery()
    )

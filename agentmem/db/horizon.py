"""Up to which sequence number a view sees: one number, or one for each namespace.

Numbers are given in the order of commits. What was imported is older than its number says, so that a past
moment is at different numbers in different namespaces.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, String, bindparam, cast, func, literal, select

Horizon: TypeAlias = int | Mapping[int, int]
"""A sequence number; or one by the number of each namespace that is seen."""


def up_to(horizon: Horizon, namespace: int) -> int:
    """The number up to which one namespace is seen."""
    return horizon if isinstance(horizon, int) else horizon[namespace]


def bound(namespace: ColumnElement[Any], horizon: Horizon) -> ColumnElement[int]:
    """The number up to which rows of `namespace`, a column, are seen."""
    if isinstance(horizon, int):
        return literal(horizon, BigInteger)
    # `json_each` is SQLite's; PostgreSQL has `jsonb_each`.
    by_namespace = bindparam(None, json.dumps(horizon), type_=String())
    each = func.json_each(by_namespace).table_valued("key", "value")
    return select(each.c.value).where(each.c.key == cast(namespace, String)).scalar_subquery()

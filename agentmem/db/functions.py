"""What SQLite and PostgreSQL say differently: a construct for each, and how either says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, ColumnElement, Integer, LargeBinary, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.type_api import TypeEngine
from sqlalchemy.types import UserDefinedType


class Number(UserDefinedType[Any]):
    """Any number, as the driver takes it: compared exactly, of whatever size."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """What a column of it would be."""
        return "NUMERIC"


class Said(FunctionElement[Any]):
    """A function of its arguments, in the words of each dialect: formats, in which they are numbered."""

    inherit_cache = True
    sqlite: ClassVar[str]
    postgresql: ClassVar[str]


@compiles(Said, "sqlite")
def _on_sqlite(element: Said, compiler: SQLCompiler, **given: Any) -> str:
    return element.sqlite.format(*(compiler.process(one, **given) for one in element.clauses))


@compiles(Said, "postgresql")
def _on_postgresql(element: Said, compiler: SQLCompiler, **given: Any) -> str:
    return element.postgresql.format(*(compiler.process(one, **given) for one in element.clauses))


class ObjectOf(Said):
    """`ObjectOf(key, value)`: a JSON object of the rows of a group, as text."""

    type: TypeEngine[Any] = String()
    inherit_cache = True
    sqlite = "json_group_object({0}, {1})"
    postgresql = "coalesce(CAST(json_object_agg({0}, {1}) AS text), '{{}}')"


class PairOf(Said):
    """`PairOf(first, second)`: a JSON array of two, to be a value of `ObjectOf`."""

    type: TypeEngine[Any] = String()
    inherit_cache = True
    sqlite = "json_array({0}, {1})"
    postgresql = "json_build_array({0}, {1})"


class ListOf(Said):
    """`ListOf(value)`: a JSON array of the rows of a group, as text, in the order of `BytesOf`."""

    type: TypeEngine[Any] = String()
    inherit_cache = True
    sqlite = "json_group_array({0})"
    postgresql = "coalesce(CAST(json_agg({0}) AS text), '[]')"


class BytesOf(Said):
    """`BytesOf(data)`: the bytes of all rows of a group, one behind the other; null for no row."""

    type: TypeEngine[Any] = LargeBinary()
    inherit_cache = True
    sqlite = "CAST(group_concat({0}, '') AS BLOB)"  # SQLite takes bytes for text, and looks into neither
    postgresql = "string_agg({0}, CAST('' AS bytea))"


class Octets(Said):
    """`Octets(text)`: how many bytes a text has in UTF-8."""

    type: TypeEngine[Any] = BigInteger()
    inherit_cache = True
    sqlite = "length(CAST({0} AS BLOB))"
    postgresql = "octet_length({0})"


class HexOf(Said):
    """`HexOf(data)`: bytes in hexadecimal digits, in capitals."""

    type: TypeEngine[Any] = String()
    inherit_cache = True
    sqlite = "hex({0})"
    postgresql = "upper(encode({0}, 'hex'))"


class PlaceOf(Said):
    """`PlaceOf(text, part)`: where a text has a part, from 1; 0: nowhere."""

    type: TypeEngine[Any] = BigInteger()
    inherit_cache = True
    sqlite = "instr({0}, {1})"
    postgresql = "strpos({0}, {1})"


class ItemsOf(Said):
    """`ItemsOf(array)`: the items of a JSON array, a row each, in the column `value`."""

    inherit_cache = True
    sqlite = "json_each({0})"
    postgresql = "json_array_elements_text(CAST({0} AS json))"


class EntriesOf(Said):
    """`EntriesOf(object)`: the entries of a JSON object, a row each, in the columns `key` and `value`."""

    inherit_cache = True
    sqlite = "json_each({0})"
    postgresql = "json_each_text(CAST({0} AS json))"


class Item(FunctionElement[Any]):
    """A value of `ItemsOf` or `EntriesOf`, as of the type of what it is compared with."""

    inherit_cache = True

    def __init__(self, value: ColumnElement[Any], type: TypeEngine[Any]) -> None:
        super().__init__(value)
        self.type = type


@compiles(Item, "sqlite")
def _item_on_sqlite(element: Item, compiler: SQLCompiler, **given: Any) -> str:
    return compiler.process(element.clauses, **given)


@compiles(Item, "postgresql")
def _item_on_postgresql(element: Item, compiler: SQLCompiler, **given: Any) -> str:
    kind = "bigint" if isinstance(element.type, Integer) else "text"
    kind = "numeric" if isinstance(element.type, Number) else kind
    return f"CAST({compiler.process(element.clauses, **given)} AS {kind})"


class At(Said):
    """Of a JSON document what stands at a path; null where nothing does.

    In formats 0 is the document, 1 the path as SQLite writes it, and in those of PostgreSQL `j` what stands
    there. Arguments after the parts of the path follow in SQLite's; in PostgreSQL's they are 1 and on.
    """

    inherit_cache = True

    def __init__(self, document: ColumnElement[Any], parts: Sequence[str], *further: Any) -> None:
        path = "$" + "".join(f'."{part}"' for part in parts)
        literals = (literal(part, String()) for part in (path, *parts))
        super().__init__(document, *further, *literals)
        self.further = len(further)


@compiles(At, "sqlite")
def _at_on_sqlite(element: At, compiler: SQLCompiler, **given: Any) -> str:
    said = list(element.clauses)
    first = [said[0], said[1 + element.further], *said[1 : 1 + element.further]]
    return element.sqlite.format(*(compiler.process(one, **given) for one in first))


@compiles(At, "postgresql")
def _at_on_postgresql(element: At, compiler: SQLCompiler, **given: Any) -> str:
    document, *others = (compiler.process(one, **given) for one in element.clauses)
    further, parts = others[: element.further], others[element.further + 1 :]
    there = " -> ".join([f"CAST({document} AS jsonb)", *parts])
    return f"(SELECT {element.postgresql.format(*further)} FROM (SELECT {there} AS j) AS there)"


class KindAt(At):
    """Its kind: `text`, `integer` or `real`, `true`, `false`, `null`, `object`, `array`."""

    type: TypeEngine[Any] = String()
    inherit_cache = True
    sqlite = "json_type({0}, {1})"
    postgresql = (
        "CASE jsonb_typeof(j) WHEN 'string' THEN 'text' WHEN 'number' THEN 'real' "
        "WHEN 'boolean' THEN CAST(j AS text) ELSE jsonb_typeof(j) END"
    )


class TextAt(At):
    """What is a text there."""

    type: TypeEngine[Any] = String()
    inherit_cache = True
    sqlite = "json_extract({0}, {1})"
    postgresql = """(j #>> '{{}}') COLLATE "C\""""


class NumberAt(At):
    """What is a number there; of a truth value 0 or 1."""

    type: TypeEngine[Any] = Number()
    inherit_cache = True
    sqlite = "json_extract({0}, {1})"
    postgresql = (
        "CASE jsonb_typeof(j) WHEN 'number' THEN CAST(j #>> '{{}}' AS numeric) "
        "WHEN 'boolean' THEN CAST(CAST(CAST(j AS text) AS boolean) AS integer) END"
    )


class HasAt(At):
    """Whether there is an array that has the only item of another array, which is given as JSON."""

    type: TypeEngine[Any] = Boolean()
    inherit_cache = True
    sqlite = (
        "(json_type({0}, {1}) = 'array' AND EXISTS (SELECT 1 FROM json_each({0}, {1}) AS has, "
        "json_each({2}) AS asked WHERE replace(has.type, 'integer', 'real') = "
        "replace(asked.type, 'integer', 'real') AND has.value IS asked.value))"
    )
    postgresql = "jsonb_typeof(j) = 'array' AND j @> CAST({0} AS jsonb)"

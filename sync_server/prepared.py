"""What comes with each push, in the driver's own terms: questions, changes and rows that are written once and used often.

SQLAlchemy takes twenty times as long over a small question as the database over its answer. Here it writes each once for each
kind of database; from then on the driver is spoken to, within the transaction that the connection is in.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Dialect,
    Executable,
    FromClause,
    Select,
    String,
    Table,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement, CompilerElement
from sqlalchemy.types import TypeEngine

Change = Callable[[Any], Any]

ROWS_TOGETHER = 50
"""Sixteen columns make 800 values: SQLite takes at most 999 in its oldest builds."""

_ALL: list["_Prepared"] = []
"""All that modules have prepared: it lives as long as the process."""


def write_all(dialect: Dialect) -> None:
    """Writes down what is not written yet, so that the first pushes need not wait for it."""
    for one in _ALL:
        one.written_for(dialect)


class _Written(NamedTuple):
    """A statement as one kind of database reads it."""

    text: str
    constants: Mapping[str, object]
    in_order: tuple[str, ...] | None
    """Names of its values, where the driver takes them by place."""
    row: Callable[[Iterable[Any]], Any]
    readers: tuple[tuple[int, Change], ...]
    """How truths and JSON are read, by their places; all else is as the driver gives it."""

    def given(self, named: Mapping[str, object]) -> Any:
        whole = {**self.constants, **named} if self.constants else named
        return whole if self.in_order is None else [whole[name] for name in self.in_order]


class _Prepared:
    """A statement of a module; ``make`` builds it for a kind of database."""

    def __init__(self, make: Callable[[Dialect], Executable]) -> None:
        self._make = make
        self._written: dict[str, _Written] = {}
        _ALL.append(self)

    def written_for(self, dialect: Dialect) -> _Written:
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = _write(self._make(dialect), dialect)
        return written

    def _ask(self, connection: Connection, named: Mapping[str, object]) -> list[Any]:
        written = self.written_for(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(written.text, written.given(named))
            found: Iterable[Sequence[Any]] = cursor.fetchall()
        finally:
            cursor.close()
        if written.readers:
            found = [_changed(row, written.readers) for row in found]
        return list(map(written.row, found))

    def _do(self, connection: Connection, named: Mapping[str, object]) -> None:
        written = self.written_for(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(written.text, written.given(named))
        finally:
            cursor.close()


class Asked(_Prepared):
    """A question, or a change, with ``bindparam``s. Rows have the names of its columns."""

    def __init__(self, statement: Executable) -> None:
        super().__init__(lambda _: statement)

    def rows(self, connection: Connection, **named: object) -> list[Any]:
        """All rows of the answer."""
        return self._ask(connection, named)

    def row(self, connection: Connection, **named: object) -> Any:
        """The one row of the answer, or None."""
        rows = self._ask(connection, named)
        if len(rows) > 1:
            raise LookupError(f"{len(rows)} rows where there is one at most")
        return rows[0] if rows else None

    def do(self, connection: Connection, **named: object) -> None:
        """For what changes rows, and answers nothing."""
        self._do(connection, named)


class AskedOfMany(_Prepared):
    """A question about names, however many: ``question`` gets them as rows with a column ``name``."""

    def __init__(self, question: Callable[[FromClause], Select[Any]]) -> None:
        super().__init__(lambda dialect: question(_listed(dialect)))

    def rows(self, connection: Connection, names: Iterable[str]) -> list[Any]:
        """All rows of the answer; without names there are none."""
        wanted = list(names)
        return self._ask(connection, {"names": json.dumps(wanted)}) if wanted else []


def _listed(dialect: Dialect) -> FromClause:
    """A list that comes as JSON, so that the question is the same whatever its length."""
    names = bindparam("names", type_=String)
    values = func.json_each(names) if dialect.name == "sqlite" else func.json_array_elements_text(cast(names, JSON))
    return select(values.table_valued("value").c.value.label("name")).cte("named")


class RowPut(_Prepared):
    """Writes one row of a table, by its primary key, whether it is there or not. None of its columns is JSON."""

    def __init__(self, table: Table) -> None:
        super().__init__(lambda dialect: _putting(dialect, table))

    def put(self, connection: Connection, **row: object) -> None:
        """``row`` has all columns."""
        self._do(connection, row)


def _putting(dialect: Dialect, table: Table) -> Executable:
    insert = (sqlite_insert if dialect.name == "sqlite" else postgresql_insert)(table)
    key = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in _names_of(table) if name not in key}
    return insert.values(_by_name(table)).on_conflict_do_update(index_elements=key, set_=changed)


class NewRows(_Prepared):
    """New rows of a table, for the many of a push."""

    def __init__(self, table: Table) -> None:
        super().__init__(lambda _: table.insert().values(_by_name(table)))
        self._names = _names_of(table)
        self._json = [(place, column.type) for place, column in enumerate(table.columns) if isinstance(column.type, JSON)]
        self._writers: dict[str, list[tuple[int, Change]]] = {}

    def add(self, connection: Connection, rows: Sequence[Sequence[object]]) -> None:
        """Each row has a value for every column, in the table's order."""
        written, writers = self.written_for(connection.dialect), self._writers_for(connection.dialect)
        if writers:
            rows = [_changed(row, writers) for row in rows]
        given: Any = rows if written.in_order else [dict(zip(self._names, row, strict=True)) for row in rows]
        cursor = connection.connection.cursor()
        try:
            if written.in_order:
                given = self._add_many(cursor, written.text, given)
            cursor.executemany(written.text, given)
        finally:
            cursor.close()

    def _add_many(self, cursor: DBAPICursor, text: str, rows: Sequence[Sequence[object]]) -> Sequence[Sequence[object]]:
        """Adds rows fifty at a time, each fifty by one statement that begins once; returns those that are left."""
        into, _, row = text.rpartition(" VALUES ")
        together = f"{into} VALUES {', '.join([row] * ROWS_TOGETHER)}"
        whole = len(rows) - len(rows) % ROWS_TOGETHER
        for start in range(0, whole, ROWS_TOGETHER):
            cursor.execute(together, list(chain.from_iterable(rows[start : start + ROWS_TOGETHER])))
        return rows[whole:]

    def _writers_for(self, dialect: Dialect) -> list[tuple[int, Change]]:
        """How JSON is written, by its places. The same few lists come again and again."""
        if dialect.name not in self._writers:
            found = [(place, kind.dialect_impl(dialect).bind_processor(dialect)) for place, kind in self._json]
            self._writers[dialect.name] = [(place, lru_cache(1_024)(write)) for place, write in found if write is not None]
        return self._writers[dialect.name]


def _names_of(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


def _by_name(table: Table) -> dict[str, Any]:
    return {name: bindparam(name) for name in _names_of(table)}


def _changed(row: Sequence[Any], changes: Iterable[tuple[int, Change]]) -> list[Any]:
    values = list(row)
    for place, change in changes:
        values[place] = change(values[place])
    return values


def _write(statement: Executable, dialect: Dialect) -> _Written:
    compiled = statement.compile(dialect=dialect) if isinstance(statement, CompilerElement) else None
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("this is no statement of SQL")
    columns: list[ColumnElement[Any]] = list(statement.selected_columns) if isinstance(statement, Select) else []
    kinds: list[tuple[int, TypeEngine[Any]]] = [
        (place, one.type) for place, one in enumerate(columns) if isinstance(one.type, JSON | Boolean)
    ]
    readers = [(place, kind.dialect_impl(dialect).result_processor(dialect, None)) for place, kind in kinds]
    names: Any = [one.key for one in columns]
    row: Any = namedtuple("Answered", names)  # type: ignore[misc]
    return _Written(
        text=str(compiled),
        constants={name: value for name, value in compiled.params.items() if value is not None},
        in_order=tuple(compiled.positiontup or ()) if compiled.positional else None,
        row=row._make,
        readers=tuple((place, read) for place, read in readers if read is not None),
    )

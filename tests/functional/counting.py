"""Counting the statements that a page sends to the database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import event


@pytest.fixture
def count_queries(connection) -> Callable[[], AbstractContextManager[list[str]]]:
    """Return a context manager that collects every SELECT, begun by a WITH or not, sent on the test's connection."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                statements.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(connection, "before_cursor_execute", note)

    return collect

"""How the tests are shared out: over the two databases, and over the processes that run them.

With `--share-databases` a functional test runs on one database, half of them on each: what a page says does not depend
on the database, and what does is held by the integration tests, which run on both. So do functional tests that commit
for other processes or threads to see. A single test, or one file without the option, runs on both as well.
"""

import pytest

from tests.databases import NAMES

COMMITTED = {"committed_engine", "workers"}


def database_of(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("server") if callspec else None


def _may_share(item: pytest.Item) -> bool:
    return "tests/functional/" in item.nodeid and not COMMITTED & set(item.fixturenames)


def spare(items: list[pytest.Item]) -> set[pytest.Item]:
    """Return what need not run: of two twins one, now on this database, now on that; an odd last test keeps both."""
    twins: dict[str, dict[str, pytest.Item]] = {}
    for item in items:
        if (name := database_of(item)) and _may_share(item):
            twins.setdefault(item.nodeid.replace(name, "*"), {})[name] = item
    pairs = [twins[key] for key in sorted(twins) if len(twins[key]) == len(NAMES)]
    return {pair[NAMES[number % 2]] for number, pair in enumerate(pairs[: len(pairs) // 2 * 2])}


def longest_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """Bring forward what takes longest: begun last, it would keep one process waiting. The rest stays as it is."""

    def rank(item: pytest.Item) -> int:
        if item.get_closest_marker("timeout"):
            return 0
        return 1 if item.get_closest_marker("browser") or "workers" in getattr(item, "fixturenames", ()) else 2

    return sorted(items, key=rank)

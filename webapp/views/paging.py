"""Addresses of the other pages of a list: the same filters, another number."""

from typing import Any
from uuid import UUID

from flask import request, url_for


def page_url(number: int) -> str:
    """Return the address of this list at another page."""
    values: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(), "page": number}
    return url_for(request.endpoint or "", **values)


def here(**changes: object) -> str:
    """Return this page's address with some of its query changed; None takes a value out, and the page begins anew."""
    values: dict[str, Any] = {**request.args.to_dict(), **changes}
    values.pop("page", None)
    kept: dict[str, Any] = {name: value for name, value in values.items() if value not in {None, ""}}
    return url_for(request.endpoint or "", **(request.view_args or {}), **kept)


class Addresses:
    """Addresses that differ only in ids: made once a page, and filled in on every line of it."""

    def __init__(self, endpoint: str, *names: str, **values: Any) -> None:
        marks = {name: UUID(int=number) for number, name in enumerate(names, start=1)}
        text = url_for(endpoint, **{**values, **marks})
        self._template = text.replace("%", "%%")
        for name, mark in marks.items():
            self._template = self._template.replace(str(mark), f"%({name})s")

    def __call__(self, **ids: UUID) -> str:
        return self._template % ids


def page_number() -> int:
    return max(1, request.args.get("page", 1, type=int))


def one_of(name: str, known: object) -> str:
    """Return a filter from the address if it is one that exists; else none."""
    value = request.args.get(name, "")
    return value if isinstance(known, tuple | frozenset | set | dict) and value in known else ""

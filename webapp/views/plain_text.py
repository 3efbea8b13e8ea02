"""What a request may say: text that a database can keep."""

from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict

_NUL = "\x00"  # PostgreSQL keeps none, and no keyboard writes one


class PlainWords(ImmutableMultiDict[str, Any]):
    """The words of an address or a form, without NULs."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(mapping)
        for values in dict.values(self):
            values[:] = [value.replace(_NUL, "") if isinstance(value, str) else value for value in values]


class PlainRequest(Request):
    parameter_storage_class = PlainWords


def register_plain_text(app: Flask) -> None:
    app.request_class = PlainRequest

    @app.before_request
    def refuse_nul() -> None:
        if _NUL in request.path:
            abort(404)

"""Static files: compressed, and kept by browsers under an address that changes with their content.

Only these are compressed. A page holds secrets beside what its address says, and the length of a compressed page would
tell of both (the attack called BREACH).
"""

import functools
import gzip
import hashlib
import mimetypes
from io import BytesIO
from pathlib import Path

from flask import Flask, Response, abort, current_app, g, request, send_file, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.security import safe_join

COMPRESSED = {".css", ".js", ".svg"}
FONTS = "vendor/fonts/"  # the styles name them without a version
A_WEEK = 7 * 24 * 60 * 60
A_YEAR = 365 * 24 * 60 * 60


class CookielessFiles(SecureCookieSessionInterface):
    """Sends the session's cookie with pages alone: caches that many people share may keep a file as it came."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def register_static_files(app: Flask) -> None:
    app.session_interface = CookielessFiles()
    app.view_functions["static"] = serve
    app.add_template_global(static)


def static(filename: str, *, versioned: bool = True) -> str:
    """Return the address of a static file; its version lets browsers keep it for long."""
    known = g.setdefault("static_files", {})  # a page names one file of icons dozens of times
    if filename not in known:
        version = _version(_path(filename)) if versioned else None
        known[filename] = url_for("static", filename=filename, v=version)
    return str(known[filename])


def serve(filename: str) -> Response:
    """Answer with the file, compressed where that is asked for and helps."""
    path = _path(filename)
    if not path.is_file():
        abort(404)
    version = _version(path)
    compressible = path.suffix in COMPRESSED
    compressed = compressible and request.accept_encodings.quality("gzip") > 0
    response = send_file(
        BytesIO(_compress(path, path.stat().st_mtime_ns)) if compressed else path,
        mimetype=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        # Two encodings are two things to whoever asks whether hers is still right, or for a part of it.
        etag=f"{version}-gzip" if compressed else version,
        last_modified=path.stat().st_mtime,
        max_age=_max_age(filename, version),
    )
    response.cache_control.immutable = request.args.get("v") == version
    if compressible:
        response.vary.add("Accept-Encoding")
    if compressed and response.status_code != 304:
        response.content_encoding = "gzip"
    return response


def _max_age(filename: str, version: str) -> int | None:
    """Return for how many seconds the file may be used unasked.

    Whoever asks for another version than this one, because an older or newer page names it, asks again next time.
    """
    if request.args.get("v") == version:
        return A_YEAR
    return A_WEEK if filename.startswith(FONTS) else None


def _path(filename: str) -> Path:
    """Return the file's place; outside the folder nothing is found."""
    folder = current_app.static_folder
    assert folder is not None
    path = safe_join(folder, filename)
    if path is None:
        abort(404)
    return Path(path)


def _version(path: Path) -> str:
    return _digest(path, path.stat().st_mtime_ns)


@functools.cache
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@functools.cache
def _compress(path: Path, _changed: int) -> bytes:
    """Compress the file once in this process: a tenth of a second for all of them together."""
    return gzip.compress(path.read_bytes(), mtime=0)

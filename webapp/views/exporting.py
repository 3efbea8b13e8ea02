"""Sending what was taken out as a file."""

from contextlib import ExitStack
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile

from flask import g, send_file
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.presenters.reasons import sentences
from webapp.presenters.reports import MIME
from webapp.services.export_queries import Order
from webapp.services.exports import take_out

IN_MEMORY = 1 << 20  # bytes of a file; a larger one waits on the disk


def send_export(order: Order) -> Response:
    """Write the rows into a file of its own and send it; so a table of any size fits."""
    with ExitStack() as stack:
        file = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        done = take_out(
            db_session(),
            g.console.programme_id,
            order,
            into=file,
            words=lambda reasons: [line.text for line in sentences(reasons)],
            by=current_user.person_id,
            now=datetime.now(UTC),
        )
        file.seek(0)
        answer = send_file(file, MIME[order.kind], as_attachment=True, download_name=done.filename, max_age=0)
        answer.call_on_close(stack.pop_all().close)  # the file goes when its last byte is sent
    return answer

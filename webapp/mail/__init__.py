"""Rendering and sending of what waits in the outbox; only the worker does it.

A mail called `name` has three templates: `email/name.subject.txt`, `email/name.txt`, `email/name.html`. They see
`person` (name, email, zone, language), `params` as they were written, `link("endpoint", ...)` for addresses of this
installation, and what `facts_for("name")` returns. Dates come out in the reader's zone, texts in her language.
"""

from webapp.mail import invitations as _invitations  # noqa: F401 - it says what the mails about joining show
from webapp.mail import letters as _letters  # noqa: F401 - and about letters
from webapp.mail import offers as _offers  # noqa: F401 - it says what the mails about offers show
from webapp.mail import pool as _pool  # noqa: F401 - and the hints to those who cannot be matched
from webapp.mail import students as _students  # noqa: F401 - and about students and light formats
from webapp.mail.delivery import deliver_outbox
from webapp.mail.folder import StoredMail, forget_mail, list_mail, read_mail
from webapp.mail.kinds import KINDS, SWITCHABLE
from webapp.mail.rendering import facts_for
from webapp.mail.sending import check_mail_server

__all__ = [
    "KINDS",
    "SWITCHABLE",
    "StoredMail",
    "check_mail_server",
    "deliver_outbox",
    "facts_for",
    "forget_mail",
    "list_mail",
    "read_mail",
]

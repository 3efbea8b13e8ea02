"""From a row of the outbox to a message."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import refresh
from sqlalchemy.orm import Session

from config import Config
from webapp.mail.kinds import SWITCHABLE, kind_of
from webapp.services.mail_links import make_stop_token
from webapp.services.outbox import Claimed
from webapp.services.privacy import unwanted_mails

# What a template needs beyond its parameters, looked up when it is sent; None: there is nothing to say any more.
Facts = Callable[[Session, Claimed], Mapping[str, Any] | None]
_facts: dict[str, Facts] = {}
_ZONE_GONE = _l("The time zone you chose is not in use any more: times in this mail are by UTC. Choose another:")


def facts_for(*templates: str) -> Callable[[Facts], Facts]:
    """Let this function look up what these templates show: from the session and the claimed row, at the last moment."""

    def register(function: Facts) -> Facts:
        for template in templates:
            _facts[template] = function
        return function

    return register


def render(session: Session, claimed: Claimed, config: Config, *, now: datetime) -> EmailMessage | None:
    """Return the message in the reader's language and zone; None when it is not due any more, or not wanted."""
    kind = kind_of(claimed.template)
    if kind in SWITCHABLE and kind in unwanted_mails(session, claimed.person_id):
        return None
    stop_url = _stop_url(claimed, kind, config)
    with _read_by(claimed):
        facts = _facts[claimed.template](session, claimed) if claimed.template in _facts else {}
        if facts is None:
            return None
        shared = {"person": claimed, "params": claimed.params, "link": _links_to(config.base_url)}
        calendar = facts.get("calendar")
        values = {**shared, "stop_url": stop_url, **facts}
        subject, text, html = (
            # Not render_template: that asks the pages' context processors, which need a request.
            current_app.jinja_env.get_template(f"email/{claimed.template}.{ending}").render(values)
            for ending in ("subject.txt", "txt", "html")
        )
        if claimed.zone_is_gone:
            text = f"{text.strip()}\n\n{_ZONE_GONE} {_links_to(config.base_url)('me.hours')}"
        if stop_url:
            text = f"{text.strip()}\n\n{_('No more mails of this kind:')} {stop_url}"
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = config.mail_from
    message["To"] = Address(display_name=claimed.name, addr_spec=claimed.email)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{claimed.id}@{urlsplit(config.base_url).hostname or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    if stop_url:  # RFC 8058: mail programmes show a button for it
        message["List-Unsubscribe"] = f"<{stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text.strip() + "\n")
    message.add_alternative(html, subtype="html")
    if calendar is not None:  # bytes of a calendar file, and its name
        message.add_attachment(calendar[0], maintype="text", subtype="calendar", filename=calendar[1])
    return message


def preview(template: str, reader: Claimed, facts: Mapping[str, Any], config: Config) -> tuple[str, str]:
    """Return subject and text of a mail as `reader` would get it, in the words of whoever looks; nothing is sent."""
    values = {"person": reader, "params": reader.params, "link": _links_to(config.base_url), **facts}
    subject, text = (
        current_app.jinja_env.get_template(f"email/{template}.{ending}").render(values)
        for ending in ("subject.txt", "txt")
    )
    return " ".join(subject.split()), text.strip()


def _stop_url(claimed: Claimed, kind: str, config: Config) -> str:
    """Return the address that switches this kind of mail off; nothing for a kind that is needed."""
    if kind not in SWITCHABLE:
        return ""
    token = make_stop_token(config.secret_key, claimed.person_id, kind)
    return str(_links_to(config.base_url)("privacy.stop_page", token=token))


@contextmanager
def _read_by(claimed: Claimed) -> Iterator[None]:
    """Let translations and dates come out for the reader; `create_app`'s selectors look at `g.reader`."""
    g.reader = claimed
    refresh()
    try:
        yield
    finally:
        g.pop("reader")
        refresh()


def _links_to(base_url: str) -> Callable[..., str]:
    parts = urlsplit(base_url)
    adapter = current_app.url_map.bind(parts.netloc, parts.path or "/", url_scheme=parts.scheme)

    def link(endpoint: str, **values: Any) -> str:
        return adapter.build(endpoint, values, force_external=True)

    return link

"""What tests of mail share: an SMTP server on loopback, and mails that are written and sent."""

import socket
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select

from webapp.mail import deliver_outbox
from webapp.models import OutboxMessage
from webapp.services import outbox
from webapp.services.transaction import transaction

NOW = datetime(2027, 2, 15, 18, 0, tzinfo=UTC)


SECRET = "a-one-time-secret"


class Mailbox:
    """What a server took, and whom it refuses."""

    def __init__(self):
        self.messages, self.refused, self.logins, self.connections = [], set(), [], 0
        self.answer = "450 mailbox busy"

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802 - the server's name
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - the server's name
        if address in self.refused:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the server's name
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        return "250 taken"

    def authenticate(self, _server, _session, _envelope, _mechanism, data):
        self.logins.append((data.login, data.password))
        return AuthResult(success=True)


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def smtp(mailbox):
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=mailbox.authenticate,
        auth_require_tls=False,
    )
    controller.start()
    yield f"127.0.0.1:{controller.port}"
    controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write(session, person, template="verify", key="one", **kwargs):
    with transaction(session):
        outbox.write(
            session,
            template=template,
            person_id=person.id,
            params={"token": SECRET, "next": "/home", "round_id": "7"},
            unique_key=key,
            **kwargs,
        )


def rows(session):
    query = select(OutboxMessage).order_by(OutboxMessage.unique_key)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def deliver(app, session, config, now=NOW):
    with app.app_context():
        return deliver_outbox(session, config, now=now)

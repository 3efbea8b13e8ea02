"""What tests of accounts share: forms, mails and people with passwords."""

from sqlalchemy import select

from tests.factories.cast import csrf_of
from webapp.models import OutboxMessage, Person
from webapp.services.passwords import hash_password

PASSWORD = "three quiet owls"


SIGN_UP = {"name": "Dr Noor Aziz", "email": "Noor@Example.org", "password": PASSWORD, "zone": "Europe/Berlin"}


def post(client, path, form=None, **values):
    values = {"csrf_token": csrf_of(client, form or path), **values}
    return client.post(path, data=values)


def last_mail(session, template=None):
    query = select(OutboxMessage).order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)
    if template:
        query = query.where(OutboxMessage.template == template)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def person_of(session, email):
    return session.scalars(
        select(Person).where(Person.email == email).execution_options(populate_existing=True)
    ).one_or_none()


def with_password(session, config, person, password=PASSWORD):
    person.password_hash = hash_password(password, config)
    session.commit()
    return person


def is_signed_in(client):
    return client.get("/me/security").status_code == 200

"""Links in mails that switch a kind of mail off without signing in: signed, for one person and one kind.

They lead to nothing else, so they have no end: a mail may be read years later.
"""

import uuid
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from webapp.services.errors import NotFoundError


@dataclass(frozen=True)
class StopLink:
    person_id: uuid.UUID
    kind: str


def make_stop_token(secret: str, person_id: uuid.UUID, kind: str) -> str:
    return _serializer(secret).dumps([person_id.hex, kind])


def read_stop_token(secret: str, token: str) -> StopLink:
    """Return what a link was made for.

    Raises
    ------
    NotFoundError
        The link was altered or is cut short.

    """
    try:
        hex_id, kind = _serializer(secret).loads(token)
    except BadSignature as error:
        raise NotFoundError("stop link") from error
    return StopLink(uuid.UUID(hex_id), kind)


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="stop-mail")

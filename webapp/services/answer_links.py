"""Links in mails that let their reader answer without signing in: signed, for one offer and one side of it."""

import uuid
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.services.errors import NotFoundError

VALID_DAYS = 120  # beyond every deadline: a late yes counts while the place is free
_SALT = "answer-offer"


@dataclass(frozen=True)
class AnswerLink:
    offer_id: uuid.UUID
    side: str


def make_answer_token(secret: str, offer_id: uuid.UUID, side: str) -> str:
    return URLSafeTimedSerializer(secret, salt=_SALT).dumps([offer_id.hex, side])


def read_answer_token(secret: str, token: str) -> AnswerLink:
    """Return what a link was made for.

    Raises
    ------
    NotFoundError
        The link was altered, is cut short, or is too old.

    """
    try:
        hex_id, side = URLSafeTimedSerializer(secret, salt=_SALT).loads(token, max_age=VALID_DAYS * 86_400)
    except BadSignature as error:
        raise NotFoundError("answer link") from error
    return AnswerLink(uuid.UUID(hex_id), side)

"""What tests of suggestions share: the page's text and the form of a card."""

import re

from tests.factories.cast import csrf_of

PATH = "/suggestions"


def text_of(response):
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


def form_for(client, cast, other, verdict="interested", side="mentee", **values):
    return {
        "csrf_token": csrf_of(client, PATH),
        "programme": cast.programme.slug,
        "side": side,
        "other": str(other.id),
        "verdict": verdict,
        **values,
    }

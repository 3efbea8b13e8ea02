"""How tests of the board send its forms."""

import re

from tests.functional.console import text_of


def make(client, page, what, *, seen=None, **values):
    """Send the form of a change that stands on its page."""
    text = text_of(client, page)
    forms = [form for form in re.findall(r"<form.*?</form>", text, re.DOTALL) if f'value="{what}"' in form]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', forms[0]))
    action = re.search(r'action="([^"]+)"', forms[0])[1].replace("&amp;", "&")
    fields |= {} if seen is None else {"seen": seen}
    return client.post(action, data=fields | values)


def follow(client, answer):
    assert answer.status_code == 302
    return text_of(client, answer.headers["Location"])

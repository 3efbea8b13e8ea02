"""What people are called: a name stands in mails and on pages of others, so it is a name and nothing else."""

import re

LONGEST_NAME = 200
# Those that turn the direction of what follows too: a name must not write backwards over what stands beside it.
_CONTROL = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_LINK = re.compile(r"://|www\.|@", re.IGNORECASE)


def tidy_name(text: str | None) -> str:
    """Return the name on one line, with single blanks."""
    return " ".join(_CONTROL.sub(" ", text or "").split())


def holds_link(name: str) -> bool:
    """Whether a name would lead somewhere: anyone can have a mail with a name in it sent to anyone."""
    return _LINK.search(name) is not None

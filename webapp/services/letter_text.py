"""The text of letters and of what else people write to each other: plain, in any script."""

import re

# Control characters apart from line breaks, and those that turn the direction of what follows them.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_MANY_BREAKS = re.compile(r"\n{3,}")


def clean_text(text: str) -> str:
    """Return what was written without what nobody sees; line breaks stay, two at most."""
    plain = _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _MANY_BREAKS.sub("\n\n", plain).strip()


def clean_line(text: str | None) -> str:
    """Return what was written on one line, with single blanks."""
    return " ".join(clean_text(text or "").split())

"""What people are called after their name was said once."""

_TITLES = {"dr", "dr.", "prof", "prof.", "professor"}


def short_name(name: str) -> str:
    """Return "Dr Farahani" for "Dr Leila Farahani", and "Maya" for "Maya Lindqvist"."""
    words = name.split()
    if len(words) > 2 and words[0].lower() in _TITLES:
        return f"{words[0]} {words[-1]}"
    if len(words) == 2 and words[0].lower() in _TITLES:
        return name
    return words[0] if words else name

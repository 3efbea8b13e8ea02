"""What people are called after their name was said once."""

_TITLES = {"dr", "dr.", "prof", "prof.", "professor"}
# Small words that begin a family name: "Dr van den Akker", never "Dr Akker".
_PARTICLES = {"af", "al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le"}
_PARTICLES |= {"ter", "ten", "van", "vom", "von", "y", "zu", "zum", "zur"}


def short_name(name: str) -> str:
    """Return "Dr Farahani" for "Dr Leila Farahani", and "Maya" for "Maya Lindqvist"."""
    words = [word for word in name.split() if any(map(str.isalpha, word))]
    if len(words) > 2 and words[0].lower() in _TITLES:
        begin = len(words) - 1
        while begin > 1 and words[begin - 1].lower() in _PARTICLES:
            begin -= 1
        return " ".join([words[0], *words[begin:]])
    if len(words) == 2 and words[0].lower() in _TITLES:
        return " ".join(words)
    return words[0] if words else name

"""Where to go next, when an address says so: only ever to a page of our own."""

from urllib.parse import urlsplit


def local_path(wanted: str | None, default: str) -> str:
    r"""Return `wanted` if it is a path on this site, else `default`.

    Browsers read `//host`, `/\\host` and a tab between two slashes as another site.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return default
    if "\\" in wanted or any(ord(character) < 33 or ord(character) == 127 for character in wanted):
        return default
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return default
    return wanted if not parts.scheme and not parts.netloc else default

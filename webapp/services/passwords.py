"""Passwords: what makes one good enough, and how they are kept (argon2id)."""

import functools
import re
import secrets
import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from config import Config
from webapp.services.common_passwords import is_common
from webapp.services.errors import InvalidInputError

SHORTEST, LONGEST = 12, 128
NO_PASSWORD = "!"  # noqa: S105 - what is kept where there is none: no hash, so that no password matches it


def check_quality(password: str, *, email: str, name: str) -> None:
    """Refuse a password that would soon be guessed: `short`, `long`, `common` or `personal`.

    There are no rules about kinds of characters: they make passwords hard to remember, not hard to guess.
    """
    fault = _fault_of(_normal(password), email, name)
    if fault:
        raise InvalidInputError({"password": fault})


def _fault_of(password: str, email: str, name: str) -> str:
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if is_common(password):
        return "common"
    own = {_letters(email), _letters(email.partition("@")[0]), _letters(name)} - {""}
    plain = _letters(password)
    if plain in own or plain.rstrip("0123456789") in own:
        return "personal"
    return ""


def hash_password(password: str, config: Config) -> str:
    return _hasher(config.password_memory_kib, config.password_passes).hash(_normal(password))


def verify_password(kept: str | None, password: str, config: Config) -> bool:
    """Whether this password is the one kept; takes as long when none is kept, so that time tells nothing."""
    hasher = _hasher(config.password_memory_kib, config.password_passes)
    tried = _normal(password)
    known = kept is not None and kept.startswith("$argon2") and len(tried) <= LONGEST
    stored = kept if known and kept is not None else _nobodys(config.password_memory_kib, config.password_passes)
    try:
        return hasher.verify(stored, tried[:LONGEST]) and known
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str, config: Config) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _hasher(config.password_memory_kib, config.password_passes).check_needs_rehash(kept)


@functools.cache
def _hasher(memory_kib: int, passes: int) -> PasswordHasher:
    return PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1, type=Type.ID)


@functools.cache
def _nobodys(memory_kib: int, passes: int) -> str:
    return _hasher(memory_kib, passes).hash(secrets.token_urlsafe(32))


def _normal(password: str) -> str:
    # The same keys give different code points on different systems.
    return unicodedata.normalize("NFKC", password)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())

"""What makes a password good enough, and how it is kept."""

import pytest

import config
from webapp.services.common_passwords import COMMON
from webapp.services.errors import InvalidInputError
from webapp.services.passwords import check_quality, hash_password, is_outdated, verify_password

LEE = {"email": "lee.lindqvist@example.org", "name": "Dr Lee Lindqvist"}


@pytest.fixture
def cheap(tmp_path):
    return settings(config.Testing, tmp_path)


def settings(kind, folder):
    return kind(
        secret_key="x" * 32, instance=folder, database_url="sqlite://", queue_url="", base_url="http://x", smtp_url=""
    )


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "short"),
        ("eleven char", "short"),
        ("n" * 64 + "m" * 65, "long"),
        ("Password1234", "common"),
        ("password1234!!", "common"),
        ("Correct Horse Battery Staple", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("abcabcabcabc", "common"),
        ("12121212121212", "common"),
        ("lee.lindqvist@example.org", "personal"),
        ("LeeLindqvist1", "personal"),
        ("dr lee lindqvist 2027", "personal"),
    ],
)
def test_password_that_is_soon_guessed_is_refused(password, fault):
    with pytest.raises(InvalidInputError) as refused:
        check_quality(password, **LEE)
    assert refused.value.faults == {"password": fault}


@pytest.mark.parametrize(
    "password",
    [
        "three quiet owls",
        "correct horse battery",
        "twelve chars",
        "nur kleine buchstaben",
        "пятнадцать слов",
        "x1" + "y" * 126,
    ],
)
def test_any_kinds_of_characters_will_do(password):
    check_quality(password, **LEE)


def test_every_listed_password_is_long_enough_to_matter():
    assert [password for password in COMMON if len(password) < 12] == []


def test_kept_hash_is_argon2id_with_the_parameters_of_the_settings(tmp_path, cheap):
    kept = hash_password("three quiet owls", settings(config.Development, tmp_path))
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert is_outdated(kept, cheap)
    assert not is_outdated(hash_password("three quiet owls", cheap), cheap)


def test_password_typed_on_another_keyboard_is_the_same(cheap):
    assert verify_password(hash_password("caf\u00e9 au lait chaud", cheap), "cafe\u0301 au lait chaud", cheap)


@pytest.mark.parametrize("kept", [None, "!", "", "$argon2id$broken"])
def test_without_a_password_none_is_right(cheap, kept):
    assert not verify_password(kept, "three quiet owls", cheap)


def test_more_than_the_longest_is_never_right(cheap):
    kept = hash_password("x1" + "y" * 126, cheap)
    assert verify_password(kept, "x1" + "y" * 126, cheap)
    assert not verify_password(kept, "x1" + "y" * 127, cheap)

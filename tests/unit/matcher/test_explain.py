"""Reasons in words, and what a participant must not learn from them."""

import itertools

import pytest

from matcher.explain import SENTENCES, Reason, fit_word, reasons, why_not
from matcher.pool import Interest, Pool, Ties
from matcher.rules import Code
from tests.unit.matcher.people import mentee, mentor, settings

FULL = {
    "specialties": ("general_surgery",),
    "topics": ("grants", "leadership"),
    "languages": ("en", "pt"),
    "hours": "Mon 17:00-19:30",
}


def explain(mine=None, theirs=None, ties=None, **options):
    pool = Pool.build([mentor(**(mine or {}))], [mentee(**(theirs or {}))], ties=ties)
    return reasons(pool, settings(), 0, 0, **options)


def sentences(*given, **options):
    return [str(reason) for reason in explain(*given, **options)]


def test_full_match_is_told_in_five_sentences_what_counts_most_first():
    told = sentences({**FULL, "stage": "fellow"}, {**FULL, "stage": "intern"})
    assert told == [
        "Every need is covered: Grants and funding and Leadership development.",
        "The mentor works in General Surgery, just as wished.",
        "Both are free at the same time for 2 hours 30 minutes a week.",
        "The mentor is further ahead: Fellow, the mentee: Intern (PGY-1).",
        "Both speak English and Portuguese.",
    ]


def test_nothing_stated_is_told_as_unknown():
    told = explain()
    assert [reason.kind for reason in told] == ["open"] * len(told)
    assert len(told) >= 3
    assert all("not stated" in str(reason) for reason in told)


@pytest.mark.parametrize(
    ("practice", "interest", "expected"),
    [
        ("breast_surgery", "general_surgery", ("shared", "specialty_subspecialty")),
        ("orthopaedic_surgery", "general_surgery", ("shared", "specialty_shared")),
        ("urology", "vascular_surgery", ("plus", "specialty_area")),
        ("psychiatry", "vascular_surgery", ("open", "specialty_other")),
    ],
)
def test_specialty_says_how_close_the_tie_is(practice, interest, expected):
    told = explain({"specialties": (practice,)}, {"specialties": (interest,)})
    assert expected in [(reason.kind, reason.key) for reason in told]


def test_some_needs_covered_says_how_many_and_which():
    told = sentences({"topics": ("grants",)}, {"topics": ("leadership", "grants", "burnout")})
    assert "1 of 3 needs are covered: Grants and funding." in told


@pytest.mark.parametrize(
    ("mine", "theirs", "key"),
    [
        ({"topics": ("grants",)}, {"topics": ("burnout",)}, "topics_none"),
        ({"hours": "Mon 10-11"}, {"hours": "Tue 10-11"}, "hours_none"),
        ({"languages": ("en",)}, {"languages": ("fr",)}, "language_none"),
        ({"stage": "fellow"}, {"stage": "fellow"}, "stage_level"),
    ],
)
def test_what_is_missing_comes_last_and_is_open(mine, theirs, key):
    told = explain({**FULL, **mine}, {**FULL, **theirs})
    assert (told[-1].key, told[-1].kind) in {(key, "open"), ("stage_unknown", "open")}
    assert key in [reason.key for reason in told]


def test_welcome_stage_speaks_for_the_mentor():
    told = sentences({"stage": "fellow", "stages_welcome": ("intern",)}, {"stage": "intern"})
    assert "The mentor wants to meet mentees at this stage: Intern (PGY-1)." in told


@pytest.mark.parametrize(
    ("viewer", "expected"),
    [("mentee", {"wish_mentee"}), ("mentor", {"wish_mentor"}), ("coordinator", {"wish_mentee", "wish_mentor"})],
)
def test_participant_is_told_her_own_wish_only(viewer, expected):
    ties = Ties((Interest("mo", "lee", "mentee"), Interest("mo", "lee", "mentor")))
    told = {reason.key for reason in explain(ties=ties, viewer=viewer)}
    assert {key for key in told if key.startswith("wish")} == expected


def test_participant_cannot_tell_what_the_other_side_wished():
    own = Interest("mo", "lee", "mentee", 1)
    others = [(), (Interest("mo", "lee", "mentor"),), (Interest("mo", "lee", "mentor", 0, positive=False),)]
    told = [sentences(FULL, FULL, Ties((own, *other)), viewer="mentee") for other in others]
    assert told[0] == told[1] == told[2]


def test_private_facts_are_never_told():
    secret = {"background": ("first in family",)}
    for viewer in ("mentor", "mentee", "coordinator"):
        assert sentences({**FULL, **secret}, {**FULL, **secret}, viewer=viewer) == sentences(FULL, FULL, viewer=viewer)


def test_there_are_three_to_five_reasons_whatever_is_stated():
    fields = list(FULL)
    for mine, theirs in itertools.product(range(2 ** len(fields)), repeat=2):
        one = {name: FULL[name] for bit, name in enumerate(fields) if mine >> bit & 1}
        other = {name: FULL[name] for bit, name in enumerate(fields) if theirs >> bit & 1}
        assert 3 <= len(explain(one, other)) <= 5


def test_every_key_has_a_sentence_that_takes_its_parameters():
    assert str(Reason("open", "hours_none")) == SENTENCES["hours_none"]
    assert str(Reason("shared", "language_shared", {"languages": ["A", "B", "C"]})) == "Both speak A, B and C."
    assert str(Reason("shared", "hours_shared", {"hours": "1 hour", "minutes": 60})).endswith("1 hour a week.")


@pytest.mark.parametrize("minutes", [(10, "1 hour"), (9.75, "45 minutes"), (9.5, "30 minutes")])
def test_shared_hours_are_told_in_words(minutes):
    end, words = minutes
    hours = f"Mon 9:00-{int(end):02d}:{int(end % 1 * 60):02d}"
    assert f"Both are free at the same time for {words} a week." in sentences({"hours": hours}, {"hours": hours})


@pytest.mark.parametrize(
    ("weight", "word"), [(0.93, "strong"), (0.85, "strong"), (0.81, "good"), (0.5, "fair"), (0.41, "thin")]
)
def test_fit_is_a_word(weight, word):
    assert fit_word(weight) == word


@pytest.mark.parametrize("code", list(Code))
def test_every_code_has_a_sentence_and_private_causes_read_the_same(code):
    key, sentence = why_not(code)
    assert key == code.name.lower()
    assert sentence.endswith(".")
    seen = why_not(code, participant=True)
    if code in {Code.EXCLUDED, Code.CONFLICT, Code.FORBIDDEN, Code.BELOW_MINIMUM, Code.STUDENT_NOT_APPROVED}:
        assert seen == ("not_available", "Not available in this programme.")
    else:
        assert seen == (key, sentence)


def test_unknown_code_is_refused():
    with pytest.raises(ValueError, match="99 is not a valid Code"):
        why_not(99)

"""The words of a programme: kept as plain values, and of several programmes at once."""

from matcher.taxonomy import load_taxonomy
from webapp.engine.words import OwnTopic, Words, merge
from webapp.services.import_words import Words as FileWords
from webapp.services.vocabulary import groups_in, name_of, offered_topics, speak

ROBOTICS = OwnTopic("lakeland:robotics", "Robotics", ("robots",))
FULL = Words(
    offered=(("topic", ("leadership", ROBOTICS.id)),),
    topics=(ROBOTICS,),
    names=((("stage", "fellow"), "Senior trainee"), (("topic", "work_life"), "Life")),
)


def test_words_come_back_from_plain_values():
    assert Words.read(FULL.plain()) == FULL
    assert Words().plain() == {}
    assert Words.read({}) == Words.read(None) == Words()


def test_plain_vocabulary_is_the_one_that_ships():
    assert Words().taxonomy is load_taxonomy()
    assert FULL.taxonomy is Words(topics=FULL.topics, names=FULL.names).taxonomy


def test_nobody_and_one_programme_speak_for_themselves():
    assert merge([]) == Words()
    assert merge([FULL, FULL]) == FULL


def test_several_programmes_offer_what_one_offers_and_share_the_names_they_agree_on():
    other = Words(
        offered=(("topic", ("grants",)), ("stage", ("intern",))),
        names=((("stage", "fellow"), "Junior consultant"), (("topic", "work_life"), "Life")),
    )
    both = merge([FULL, other])
    assert both.offers("topic") == {"leadership", "grants", ROBOTICS.id}
    assert both.offers("stage") is None
    assert both.topics == (ROBOTICS,)
    assert dict(both.names) == {("topic", "work_life"): "Life"}


def test_names_and_forms_follow_who_speaks():
    speak(lambda: FULL)
    try:
        assert name_of("topic", ROBOTICS.id) == "Robotics"
        assert name_of("stage", "fellow") == "Senior trainee"
        assert {choice.id for group in offered_topics() for choice in group.choices} == {"leadership", ROBOTICS.id}
    finally:
        speak()
    assert name_of("topic", ROBOTICS.id) == ROBOTICS.id


def test_own_topics_are_found_by_their_other_names():
    (own,) = groups_in(FULL, "topic")[-1].choices
    assert own.matches("robots")


def test_a_file_is_read_in_the_words_of_its_own_programme():
    try:
        for words, found in ((Words(), None), (FULL, ROBOTICS.id), (Words(), None)):
            speak(lambda said=words: said)
            assert FileWords().find("topic", "Robotics") == found
    finally:
        speak()

"""Who takes part in the demonstration: a few people with a story, and the many that are drawn."""

from collections.abc import Iterator

from webapp.services.demo_people import DemoPerson, Draw, Offered, Wanted
from webapp.services.week import Window

MENTORS, MENTEES, BOTH = 60, 120, 6
# How many of each had joined before the round that is over.
EARLY_MENTORS, EARLY_MENTEES = 45, 56

OPERATOR = ("Robin Ashby", "robin.ashby@example.org")
COORDINATOR = ("Dr Helen Ostrowski", "helen.ostrowski@example.org")
EVENINGS = tuple(Window(day, 1080, 1230) for day in range(4))

KERRIGAN = DemoPerson(
    name="Dr Siobhán Kerrigan",
    email="siobhan.kerrigan@example.org",
    pronouns="she/her",
    zone="America/Chicago",
    stage="attending_mid",
    specialties=("colon_rectal_surgery", "minimally_invasive_surgery"),
    languages=("en", "ga"),
    institution="St Brigid's Hospital",
    city="Milwaukee",
    country="US",
    windows=(*EVENINGS, Window(6, 960, 1140)),
    early=True,
    offered=Offered(
        ("technical_skills", "parenthood", "work_life", "fellowship_application", "leadership"),
        (),
        120,
        2,
        "I had two children in residency and would have liked somebody to ask. Ask me.",
    ),
    account="mentor",
)
LINDQVIST = DemoPerson(
    name="Maya Lindqvist",
    email="maya.lindqvist@example.org",
    pronouns="she/her",
    zone="America/Chicago",
    stage="resident_junior",
    specialties=("general_surgery",),
    languages=("en", "sv"),
    institution="Prairie Regional Hospital",
    city="Minneapolis",
    country="US",
    windows=(Window(1, 1110, 1260), Window(3, 1110, 1260), Window(5, 540, 720), Window(6, 960, 1140)),
    early=False,
    wanted=Wanted(
        ("technical_skills", "research_getting_started", "parenthood"),
        ("general_surgery", "colon_rectal_surgery"),
        2,
        "To do the steps of a laparoscopic colectomy without being talked through them.",
        board=True,
    ),
    account="mentee",
)
OKAFOR = DemoPerson(
    name="Dr Amara Okafor",
    email="amara.okafor@example.org",
    pronouns="she/her",
    zone="Europe/London",
    stage="resident_senior",
    specialties=("colon_rectal_surgery",),
    languages=("en", "ig"),
    institution="Harbour General",
    city="London",
    country="GB",
    windows=(Window(5, 900, 1080), Window(6, 900, 1380), Window(1, 1140, 1380)),
    early=True,
    wanted=Wanted(
        ("fellowship_application", "technical_skills", "work_life"),
        ("colon_rectal_surgery",),
        1,
        "To choose three fellowships that fit my life, and get one.",
    ),
    account="mentee",
)
VAN_DEN_AKKER = DemoPerson(
    name="Dr Noor van den Akker",
    email="noor.vandenakker@example.org",
    pronouns="",
    zone="America/Chicago",
    stage="fellow",
    specialties=("vascular_surgery",),
    languages=("en", "nl"),
    institution="Lakeland Teaching Hospital",
    city="Chicago",
    country="US",
    windows=(*EVENINGS, Window(5, 540, 720)),
    early=True,
    offered=Offered(
        ("specialty_choice", "residency_application", "work_life", "technical_skills"),
        ("ms_preclinical", "ms_clinical", "intern", "resident_junior"),
        60,
        1,
        "Two years ahead of you, so I still remember what nobody tells you.",
    ),
    wanted=Wanted(
        ("transition_to_practice", "negotiation_conflict", "leadership"),
        ("vascular_surgery", "endovascular_surgery"),
        1,
        "To come through my first year as an attending with good habits.",
    ),
    account="both",
)
CAST = (KERRIGAN, LINDQVIST, OKAFOR, VAN_DEN_AKKER)


def draw_people() -> Iterator[DemoPerson]:
    """Yield everybody, the same people each time: 60 who mentor and 120 who look for a mentor, some of them both."""
    draw = Draw(taken={person.name.removeprefix("Dr ") for person in CAST})
    yield from CAST
    mentors = [person for person in CAST if person.offered]
    mentees = [person for person in CAST if person.wanted]
    both = [person for person in CAST if person.offered and person.wanted]
    for number in range(MENTORS - len(mentors)):
        wants_too = number < BOTH - len(both)
        yield draw.mentor(early=number < EARLY_MENTORS - len(mentors), wants_too=wants_too)
    for number in range(MENTEES - len(mentees) - (BOTH - len(both))):
        yield draw.mentee(early=number < EARLY_MENTEES - 1)

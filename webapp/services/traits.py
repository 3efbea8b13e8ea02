"""The private facts that people may tell: a short list, so that two can share one without writing about it.

They are for matching alone. Nobody is shown them: not the other side, not coordinators, in no reason, no list and
no export but the person's own.
"""

TRAITS = (
    "first_generation",
    "carer",
    "returner",
    "part_time",
    "trained_abroad",
    "rural",
    "minority",
    "disability",
    "lgbtq",
)

"""The matching engine: who mentors whom, proved best.

from matcher import Problem, solve, verify

problem = Problem(weights, mentor_capacity=2, mentee_capacity=1)
result = solve(problem)
report = verify(problem, result)
"""

from matcher.answers import CoordinatorAdvice, CoordinatorAnswer, ParticipantAdvice, ParticipantAnswer, Sentence
from matcher.blocking_pairs import find_blocking_pairs
from matcher.certificate import Certificate
from matcher.comparison import Comparison, compare
from matcher.diary import Booking
from matcher.errors import (
    InvalidCertificateError,
    InvalidProblemError,
    InvalidTimesError,
    MatcherError,
    SolverError,
)
from matcher.explaining import explain, explain_left_out
from matcher.problem import Problem
from matcher.recruiting import Advice, advise
from matcher.repair import Repair, fill_waiting_list, repair
from matcher.repair_problem import problem_after_answers
from matcher.reports import Report, make_report
from matcher.result import Conflict, SolveResult, SolveStatus
from matcher.solving import solve
from matcher.timed_matching import TimedMatch, match_with_times
from matcher.timetable import Timetable, Unplaced, schedule
from matcher.verification import VerificationReport, verify
from matcher.weight_sources import WeightSource
from matcher.what_if import Outcome, WhatIf

__all__ = [
    "Advice",
    "Booking",
    "Certificate",
    "Comparison",
    "Conflict",
    "CoordinatorAdvice",
    "CoordinatorAnswer",
    "InvalidCertificateError",
    "InvalidProblemError",
    "InvalidTimesError",
    "MatcherError",
    "Outcome",
    "ParticipantAdvice",
    "ParticipantAnswer",
    "Problem",
    "Repair",
    "Report",
    "Sentence",
    "SolveResult",
    "SolveStatus",
    "SolverError",
    "TimedMatch",
    "Timetable",
    "Unplaced",
    "VerificationReport",
    "WeightSource",
    "WhatIf",
    "advise",
    "compare",
    "explain",
    "explain_left_out",
    "fill_waiting_list",
    "find_blocking_pairs",
    "make_report",
    "match_with_times",
    "problem_after_answers",
    "repair",
    "schedule",
    "solve",
    "verify",
]

"""The matching engine: who mentors whom, proved best.

from matcher import Problem, solve, verify

problem = Problem(weights, mentor_capacity=2, mentee_capacity=1)
result = solve(problem)
report = verify(problem, result)
"""

from matcher.blocking_pairs import find_blocking_pairs
from matcher.certificate import Certificate
from matcher.errors import InvalidCertificateError, InvalidProblemError, MatcherError, SolverError
from matcher.problem import Problem
from matcher.result import Conflict, SolveResult, SolveStatus
from matcher.solving import solve
from matcher.verification import VerificationReport, verify
from matcher.weight_sources import WeightSource

__all__ = [
    "Certificate",
    "Conflict",
    "InvalidCertificateError",
    "InvalidProblemError",
    "MatcherError",
    "Problem",
    "SolveResult",
    "SolveStatus",
    "SolverError",
    "VerificationReport",
    "WeightSource",
    "find_blocking_pairs",
    "solve",
    "verify",
]

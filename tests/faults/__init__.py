"""Fault injection: a process killed, or answered with an error, at every call it makes on its files."""

from tests.faults.child import ERRNOS, Call, Plan
from tests.faults.pairs import run_pairs
from tests.faults.points import ERRORS, EVERY_FAULT, KILLS, Fault, Report, run_points
from tests.faults.sandbox import Result, run_forked, sandbox, snapshot

__all__ = [
    "ERRNOS",
    "ERRORS",
    "EVERY_FAULT",
    "KILLS",
    "Call",
    "Fault",
    "Plan",
    "Report",
    "Result",
    "run_forked",
    "run_pairs",
    "run_points",
    "sandbox",
    "snapshot",
]

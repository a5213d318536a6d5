"""Random stories of a program, its calendar, the people in it and all that goes wrong, and their judge.

`python -m tests.schedules SEED` plays one and tells what happens.
"""

from tests.schedules.play import Failure, check, shrunk, told
from tests.schedules.steps import Schedule, schedule

__all__ = ["Failure", "Schedule", "check", "schedule", "shrunk", "told"]

"""Plays the schedules of some seeds and tells what happens: `python -m tests.schedules SEED...`."""

import sys

from tests.schedules import check, told
from tests.schedules.steps import schedule

for text in sys.argv[1:]:
    print(told(schedule(int(text))))
    failure = check(int(text))
    if failure is not None:
        print(f"\nmade shorter:\n{told(failure.schedule)}")

"""A strict fake of Google Calendar, built from what is documented and what was seen of the real one.

An unmodified client talks to it over sockets (`fake.root`) or without (`fake.http()`):

    with FakeGoogle(seed=1, auth="off") as fake:
        calendar = fake.calendar()
        fake.fault("lost", {"method": "POST", "nth": 2})
        fake.before(3, lambda: fake.people.delete(calendar, "evts00..."))
        ...                                   # run the program on fake.root, or with fake.http()
        assert fake.violations == []

Every rule of the real service that is in doubt is a switch, see `Switches`.
"""

from tests.fake_google.fake import START, FakeGoogle
from tests.fake_google.handling import PartRecord, Record
from tests.fake_google.in_process import Killed
from tests.fake_google.messages import ApiError, Request, Response, request_of
from tests.fake_google.snapshots import Snapshot
from tests.fake_google.switches import Switches

__all__ = [
    "START",
    "ApiError",
    "FakeGoogle",
    "Killed",
    "PartRecord",
    "Record",
    "Request",
    "Response",
    "Snapshot",
    "Switches",
    "request_of",
]

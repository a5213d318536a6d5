"""A strict fake of Google Calendar, built from what is documented and what was seen of the real one.

An unmodified client talks to it over sockets (`fake.root`) or without (`fake.http()`).
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

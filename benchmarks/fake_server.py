"""The fake Google Calendar of the tests on a port of this machine, without sign-in or quota."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fake_google import FakeGoogle

NO_QUOTA = 10**9  # units a minute


@contextmanager
def server() -> Iterator[FakeGoogle]:
    """Runs the fake; it needs nothing but the standard library."""
    root = str(Path(__file__).parent.parent)
    if root not in sys.path:
        sys.path.append(root)
    from tests.fake_google import FakeGoogle

    with FakeGoogle(auth="off", user_units=NO_QUOTA, project_units=NO_QUOTA) as fake:
        assert fake.root
        yield fake

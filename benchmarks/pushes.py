"""Inserts weekly series into an empty calendar of a server: `pushes.py WAY ROOT CALENDAR COUNT`.

Prints the milliseconds of CPU that this process takes from the first request to the last, and how many
requests these were. Both ways insert the same events, which are worked out before; the clients are built
before, too. The ways: `iopcal`, as `iopcal sync` writes, which looks at what came back and plans once more;
`googleapiclient`, as Google's guides show it: an `events().insert(...).execute()` for each event.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from time import monotonic, process_time, sleep
from typing import Any
from zoneinfo import ZoneInfo

NOW = datetime(2027, 2, 10, 6, tzinfo=UTC)
FIRST = datetime(2027, 2, 15, 8, tzinfo=ZoneInfo("America/Chicago"))
WEEKS = 12
Push = Callable[[], int]
"""Inserts all events and returns how many requests it took."""


def planned(api: Any, calendar: str, count: int) -> tuple[Any, Any, Any]:
    """Returns the keeper of a calendar, which has read it, the plan for so many events, and its rule."""
    from iopcal.targets.google.body import Item, reminding
    from iopcal.targets.google.cache import Known
    from iopcal.targets.google.decision import Rule
    from iopcal.targets.google.identity import Owner
    from iopcal.targets.google.keeper import Keeper, Task
    from iopcal.targets.google.pace import Pace

    owner = Owner("0" * 32, "harbor", "program")
    items = []
    for number in range(count):
        begin = FIRST + timedelta(days=number % 5, minutes=5 * (number // 5))
        starts = tuple(begin + timedelta(weeks=week) for week in range(WEEKS))
        ref = owner.ref((str(number),))
        items.append(Item(ref, True, starts, 1, 5, f"Group {number}", "With: Ann Example", "Main building"))
    pace = Pace(monotonic, sleep, Random(1))
    keeper = Keeper(api, Task("all", calendar, owner, tuple(items)), Known(), pace, lambda known: None)
    rule = Rule(owner, NOW, NOW, reminding(()))
    keeper.read()
    return keeper, keeper.plan(rule), rule


def wire(root: str) -> tuple[Any, Any]:
    """Returns iopcal's client of a server that asks nobody who they are, and its connections."""
    from iopcal.targets.google.connection import http
    from iopcal.targets.google.credentials import Anybody
    from iopcal.targets.google.root import root_of
    from iopcal.targets.google.wire import Wire

    connections = http(proxies=False)
    return Wire(Anybody(), root_of({"IOPCAL_GOOGLE_API_ROOT": root}), connections), connections


def by_iopcal(root: str, calendar: str, count: int) -> Push:
    """Returns what inserts the events as `iopcal sync` does."""
    from iopcal.targets.google.apply import apply

    api, connections = wire(root)
    keeper, plan, rule = planned(api, calendar, count)

    def push() -> int:
        before = api.requests
        done = apply(keeper, plan, rule)
        connections.close()
        assert (done.added, done.failed) == (count, ())
        return int(api.requests - before)

    return push


def by_googleapiclient(root: str, calendar: str, count: int) -> Push:
    """Returns what inserts the events by Google's client, one after the other."""
    import httplib2
    from googleapiclient.discovery import build

    api, connections = wire(root)
    _, plan, _ = planned(api, calendar, count)
    connections.close()
    bodies = [dict(write.body) for write in plan.writes]
    service = build(
        "calendar",
        "v3",
        http=httplib2.Http(proxy_info=None),
        client_options={"api_endpoint": f"{root}calendar/v3/"},
        static_discovery=True,
    )

    def push() -> int:
        for body in bodies:
            service.events().insert(calendarId=calendar, body=body, sendUpdates="none").execute()
        service.close()
        return len(bodies)

    return push


WAYS = {"iopcal": by_iopcal, "googleapiclient": by_googleapiclient}


def main() -> None:
    """Inserts all events once."""
    name, root, calendar, count = sys.argv[1:]
    push = WAYS[name](root, calendar, int(count))
    begun = process_time()
    requests = push()
    print(1000 * (process_time() - begun), requests)


if __name__ == "__main__":
    main()

"""What the admin's `sync.yaml` says: which feeds go to which calendars and folders, and how carefully."""

from __future__ import annotations

from iopcal.model.place import NOWHERE, Place
from iopcal.named_tuple import NamedTuple


class Credentials(NamedTuple):
    """One way to sign in to Google. Files are as found from the working folder.

    `kind` is service-account (`file`, `subject`), user (`client`, `token`) or none, for test servers only.
    """

    name: str
    kind: str
    file: str = ""  # of a service account: its key
    subject: str = ""  # whom a service account acts for (domain-wide delegation)
    client: str = ""  # of a user: the OAuth client
    token: str = ""  # of a user: written by `iopcal login`
    place: Place = NOWHERE


class Destination(NamedTuple):
    """One feed, or with `*` at its end many, and the Google calendar it goes to."""

    feed: str  # <program id>/<feed key>, as riverbend-evening/track/evening
    calendar: str  # its id, `primary`, or `make`
    salt: str = ""  # keys all digests in place of the calendar's id
    remind: tuple[int, ...] = ()  # minutes before the start
    show_cancelled: bool = False
    place: Place = NOWHERE


class GoogleTarget(NamedTuple):
    """Feeds that go to Google calendars of one account."""

    name: str
    credentials: str  # the name of them
    destinations: tuple[Destination, ...]
    title: str = "Calendar"  # of made calendars of discreet and busy feeds
    book: str = ""  # the file that keeps the ids and salts of made calendars
    place: Place = NOWHERE


class IcsTarget(NamedTuple):
    """Feeds that go to `.ics` files in one folder."""

    name: str
    folder: str
    feeds: tuple[str, ...]  # names; one may end in `*`
    place: Place = NOWHERE


class Guard(NamedTuple):
    """When to refuse: more than `removed` percent of `at_least` or more sessions ahead would go."""

    removed: int = 30
    at_least: int = 10
    refuse_changed: bool = False  # refuse, too, when more than `removed` percent of them change
    allow_discharged: bool = False


class Heartbeat(NamedTuple):
    """An address that is asked after each run; it stands in a secret file."""

    url_file: str
    well: tuple[int, ...] = (0, 6)  # exit codes that are good news


class Sync(NamedTuple):
    """A whole `sync.yaml`. Files are as found from the working folder."""

    programs: tuple[str, ...]
    state: str
    credentials: tuple[Credentials, ...]
    targets: tuple[GoogleTarget | IcsTarget, ...]
    guard: Guard = Guard()
    longest: float = 600.0  # seconds of waiting in one run
    heartbeat: Heartbeat | None = None
    metrics: str = ""  # a file for a Prometheus text-file collector, '' for none

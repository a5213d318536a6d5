"""The table of rules: what every calendar must do, and who breaks when it does not."""

from __future__ import annotations

from iopcal.named_tuple import NamedTuple


class Rule(NamedTuple):
    """One row: `must` completes "a file or feed must ..."; `breaks` says why, or which reader objects.

    `ours` marks a rule that is wholly our own shape: an error in what iopcal writes, a warning in foreign
    files. In a rule that is ours only in part, the sign ° stands behind that part of `must`.
    """

    must: str
    breaks: str
    ours: bool = False


RULES = {
    "B1": Rule("be UTF-8 without BOM", "a BOM is refused by 7 of 13 readers"),
    "B2": Rule(
        "begin with BEGIN:VCALENDAR, hold one VCALENDAR, end with END:VCALENDAR CRLF",
        "after a blank first line Google imports nothing (Ruby-Meetup-Calendar #54); "
        "a body cut short empties Thunderbird 153",
    ),
    "B3": Rule(
        "end every line with CRLF, hold no bare CR or LF",
        "readers forgive it, so nobody but the lint will tell (RFC 5545 3.1)",
    ),
    "B4": Rule(
        "fold at 75 octets with CRLF and one space, never inside a character or an escape",
        "one wrong fold and Google drops the file (adangel.org); broken emoji (ical-generator #221)",
    ),
    "B5": Rule(
        "hold no control character (C0, C1, DEL; TAB°), line or paragraph separator (U+2028, U+2029), bidi "
        "control (U+202A-202E, U+2066-2069), invisible character (U+200B, U+2060, U+FEFF, U+E0000-E007F) "
        "or noncharacter",
        "VT, FF: ics.py and Home Assistant refuse all; U+2028: node-ical loses the title",
    ),
    "B6": Rule(
        "stay under 1,000,000 bytes and 10,000 events (warning from 800,000 bytes)",
        "Google stops near 1 MB (ical-relay #212), Nextcloud timed out at 1.9 MB (nextcloud/calendar #4250)",
    ),
    "B7": Rule(
        "keep one order: VTIMEZONE, then VEVENTs by start in UTC, then UID; properties in the order UID, "
        "DTSTAMP, LAST-MODIFIED, SEQUENCE, DTSTART, DTEND, RRULE, EXDATE, SUMMARY, DESCRIPTION, LOCATION, "
        "URL, CATEGORIES, CLASS, STATUS, TRANSP, X-MICROSOFT-CDO-BUSYSTATUS, VALARMs last",
        "reordering the source must not move a byte",
        ours=True,
    ),
    "C1": Rule(
        "carry VERSION:2.0 and PRODID once; CALSCALE:GREGORIAN° once",
        "without PRODID vobject, ics.py and libical object",
    ),
    "C2": Rule(
        "have PRODID -//iopcal//iopcal//EN, in discreet and busy feeds -//Calendar//EN; no version in it",
        'a version changes every feed at every upgrade; "iop" is a telling word',
        ours=True,
    ),
    "C3": Rule(
        "carry no METHOD",
        "PUBLISH needs ORGANIZER (libical), Apple refused such a file (uwflow #108); "
        "REQUEST: Outlook takes one event only (markuspoerschke/iCal #117)",
    ),
    "C4": Rule(
        "in a feed: carry X-WR-CALNAME and NAME°, equal°",
        "Google reads only the first, else the URL is the title (icalendar #918)",
    ),
    "C5": Rule(
        "in a feed: carry REFRESH-INTERVAL;VALUE=DURATION:PT4H, X-PUBLISHED-TTL:PT4H° in exactly this form",
        "Nextcloud and Outlook classic obey; REFRESH-INTERVAL:VALUE=... kills the feed in Home Assistant "
        "(core #178736), 5 of 13 readers object",
    ),
    "C6": Rule(
        "in a file to import: carry no X-WR-CALNAME, NAME, REFRESH-INTERVAL or X-PUBLISHED-TTL",
        "a named file makes Outlook open a new calendar (urlaubsverwaltung #2197)",
        ours=True,
    ),
    "C7": Rule(
        "carry X-WR-TIMEZONE = the program's zone; no X-WR-CALDESC",
        "Google and Apple take it; it replaces no TZID",
        ours=True,
    ),
    "Z1": Rule(
        "declare every TZID with one VTIMEZONE, and no other",
        "undeclared: Outlook floats (RoomBooking #18), ical.js has all times wrong",
    ),
    "Z2": Rule(
        "name zones by IANA name, no leading / in TZID",
        "Windows names: 2 of 13 readers refuse; /: helps one Outlook, breaks others "
        "(openstreetmap-calendar #185)",
    ),
    "Z3": Rule(
        "have exactly one STANDARD and at most one DAYLIGHT in a VTIMEZONE",
        "empty: Outlook.com shows nothing (amelie #199); DAYLIGHT alone: ical4j (ICSx5) shows 23:00 of the "
        "day before (#230)",
    ),
    "Z4": Rule(
        "give both, when there are two, RRULE:FREQ=YEARLY;BYMONTH=m;BYDAY=nXX (n 1-4 or -1); DTSTART° in "
        "1970, wall time before the change, itself on the rule; no RDATE, COMMENT, UNTIL",
        "RDATE: Outlook half the year an hour off (iCalcreator #86, #106), ical.js reads the first value "
        "only; COMMENT: libical; no BYDAY: Outlook (vobject #151)",
    ),
    "Z5": Rule(
        "write offsets +hhmm, no seconds; DAYLIGHT is the greater TZOFFSETTO",
        "seconds: Outlook web refuses (ical4j #611); Dublin the other way round: ical4j wrong (#268)",
    ),
    "Z6": Rule(
        "have the right offset from the day before the first event to the day after the last",
        "some readers follow the VTIMEZONE and some their own tables by name: one kind is an hour off",
    ),
    "E1": Rule(
        "carry one each of UID, DTSTAMP, LAST-MODIFIED, SEQUENCE, DTSTART, DTEND, SUMMARY, STATUS°, TRANSP°; "
        "no DURATION",
        "ICSx5 skips an event whose LAST-MODIFIED did not grow, Google one whose SEQUENCE did not; "
        "DTEND and DURATION: 4 of 13 readers refuse",
    ),
    "E2": Rule(
        "hold one VEVENT per UID (in foreign files: one without RECURRENCE-ID)",
        "two masters: recurring-ical-events, node-ical, KDE, sabre lose a phase; Radicale answers 400",
    ),
    "E3": Rule("have a bare lower-case UUID as UID", "RFC 7986 5.3: nothing to read in it", ours=True),
    "E4": Rule(
        "write DTSTART and DTEND alike: ;TZID= local or Z; never floating, never DATE°; end after start",
        "floating is UTC for Google (zetkin #3492)",
    ),
    "E5": Rule(
        "write DTSTAMP = LAST-MODIFIED°, in UTC with Z",
        'without METHOD it means "last revised" (RFC 5545 3.8.7.2); a build time makes every event '
        '"changed" (nextcloud/server #58193)',
    ),
    "E6": Rule(
        "keep SEQUENCE within 0..2147483647",
        "above, Google's import fails (shelf.nu #2485)",
    ),
    "E7": Rule(
        "use STATUS CONFIRMED or CANCELLED, two L (TENTATIVE in foreign files)",
        "CANCELED: 11 of 13 readers refuse it or show the session as live",
    ),
    "E8": Rule(
        "show a cancelled event in the four-way form: STATUS:CANCELLED; SUMMARY CANCELLED: ...; "
        "TRANSP:TRANSPARENT with X-MICROSOFT-CDO-BUSYSTATUS:FREE°; no VALARM",
        "Google hides it, Apple and Thunderbird strike it out, Outlook showed it as live "
        "(outlookcaldavsynchronizer #105)",
    ),
    "E9": Rule(
        "pair TRANSP:OPAQUE with X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "Outlook believes the second (MS-OXCICAL)",
        ours=True,
    ),
    "E10": Rule(
        "carry no ATTENDEE, ORGANIZER, CONTACT, ATTACH, COMMENT, RELATED-TO, X-ALT-DESC, nor an X- name "
        "other than X-WR-CALNAME, X-WR-TIMEZONE, X-PUBLISHED-TTL and X-MICROSOFT-CDO-BUSYSTATUS",
        "a guest list is health data and makes an invitation",
        ours=True,
    ),
    "E11": Rule(
        "in a feed: carry no CLASS; in a file to import: CLASS:PRIVATE",
        'Google shows PRIVATE of a subscribed URL as "Busy" (humhub #575); imported without it, the '
        "account's default may be public (AntAlmanac #963)",
        ours=True,
    ),
    "E12": Rule(
        "have a VALARM only where the feed says remind (one a number), complete: ACTION:DISPLAY, "
        "TRIGGER:-PTnM, DESCRIPTION° = SUMMARY",
        "incomplete: ics.py, Home Assistant; Google and Outlook drop alarms of feeds, Apple and Nextcloud by "
        "default; forced ones are resented (calino #165)",
    ),
    "E13": Rule(
        "put the link in URL, as first line of DESCRIPTION, and in LOCATION when there is no address",
        "URL is not shown by Thunderbird, Outlook, Apple (nextcloud/calendar #5381)",
        ours=True,
    ),
    "E14": Rule(
        "have CATEGORIES (kind, phase) in full feeds only, the comma between values bare",
        "any other feed tells what kind of session it is; an escaped comma makes one category of two",
        ours=True,
    ),
    "R1": Rule(
        "hold one RRULE at most; no RDATE, EXRULE, RANGE; no COUNT° (COUNT with UNTIL: error)",
        "Outlook skips RDATE (Squire #214); Google hides it after UNTIL (#107), knows no RANGE; "
        "COUNT=1: Outlook 365 refuses (ics-py #389)",
    ),
    "R2": Rule(
        "write FREQ first and all in upper case; exactly FREQ=WEEKLY[;INTERVAL=n];UNTIL=...Z;BYDAY=XX"
        "[;WKST=MO]°: one weekday, DTSTART's°; WKST=MO always and only beside INTERVAL°",
        "FREQ later: Apple shows one event (keeper.sh #398), node-ical loses 9 of 13; other patterns: "
        "Outlook skips (w3c/calendar #25); other week starts: some know Monday only (JonasWanke/rrule #34)",
    ),
    "R3": Rule(
        "give UNTIL in UTC, not before the last slot; ours°: the last live start in UTC, or its wall clock "
        "with a Z where that is later and still on the same local day",
        "local or DATE: last one lost in ical.js, KDE, sabre, refused by Home Assistant; rrule.js reads it "
        "as wall clock (#596); readers that keep only its local date would add a slot on the next day "
        "(odoo #265297)",
    ),
    "R4": Rule(
        "begin at the first live slot, which is on the rule",
        "Google, Outlook add an event at DTSTART (ical-generator #366)",
    ),
    "R5": Rule(
        "not exclude its first or last slot: move DTSTART or UNTIL instead",
        "shorter, and no reader has to be right",
        ours=True,
    ),
    "R6": Rule(
        "have two live slots (one: no RRULE; none: no VEVENT)",
        "Outlook 365; all excluded: Nextcloud drops the event with an error",
    ),
    "R7": Rule(
        "write EXDATE one a line, in DTSTART's form, TZID and clock, each hitting the rule, ascending°",
        "UTC: macOS (sabre/vobject #454) and Android ignore it; DATE: Google ignores (yaml2ics #51), 4 of 13 "
        "readers; lists: Simple Calendar #158",
    ),
    "R8": Rule(
        "have TZID on every series, never Z", "a UTC rule is an hour off after the clock change everywhere"
    ),
    "R9": Rule(
        "hold no RECURRENCE-ID",
        "Exchange cannot store a move past a neighbour or onto its day (PidLidAppointmentRecur); "
        "calcurse shows both",
        ours=True,
    ),
    "R10": Rule(
        "in foreign files: have RECURRENCE-ID in DTSTART's form, on the rule, with a master, not also in "
        "EXDATE, without RRULE, SEQUENCE not below the master's",
        "in UTC: Home Assistant twice; also in EXDATE: gone in ical.js, node-ical, KDE; lower SEQUENCE: "
        "Google drops it (nextcloud/calendar #4727)",
    ),
    "R11": Rule(
        "hold no slot that starts or ends in a skipped or repeated hour; a slot across a clock change is a "
        "single event",
        "readers differ in both",
        ours=True,
    ),
    "T1": Rule(
        r"escape \ ; , and line breaks in text, nothing else",
        "unescaped: nobody objects, text is cut: lint only",
    ),
    "T2": Rule(
        "have plain text in DESCRIPTION, links bare",
        "Google renders HTML, Apple and Thunderbird show the tags",
        ours=True,
    ),
    "T3": Rule(
        "in discreet and busy feeds: hold no telling word in any byte, unfolded and unescaped: names, ids, "
        "words of the program and the built-in list",
        "lock screens and shared family calendars show it to everyone near",
        ours=True,
    ),
    "D1": Rule(
        "keep DTSTAMP, LAST-MODIFIED and SEQUENCE of an event that is equal to the published one",
        "every subscriber takes it as changed (nextcloud/server #58193)",
    ),
    "D2": Rule(
        "raise SEQUENCE and LAST-MODIFIED of an event that changed",
        "ICSx5 skips an event whose LAST-MODIFIED did not grow, Google one whose SEQUENCE did not",
    ),
    "D3": Rule(
        "let no DTSTAMP or LAST-MODIFIED go back",
        "a reader that has seen the later stamp keeps its old copy",
    ),
    "D4": Rule(
        "have no stamp in the future",
        "readers take no change as newer until that time has come",
    ),
    "D5": Rule(
        "in a file to import: keep a UID that is gone as a cancelled event until 30 days after its last slot",
        "an import never deletes: people keep what is gone",
    ),
    "D6": Rule(
        "keep at least 70 % of the slots ahead, where there are 10 or more",
        "a source cut short clears the calendar of every subscriber",
    ),
}


def explain(code: str) -> str:
    """Returns the row of one rule as text of a few lines; raises KeyError for a code that is not one."""
    code = code.upper()
    rule = RULES[code]
    who = "a new file" if code.startswith("D") else "a file or feed"
    text = f"{code}: {who} must {rule.must}\nBecause: {rule.breaks}"
    if rule.ours:
        return f"{text}\nOur own shape: an error in what iopcal writes, a warning in foreign files"
    if "°" in rule.must:
        return f"{text}\n° our own shape: an error in what iopcal writes, a warning in foreign files"
    return text

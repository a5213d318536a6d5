"""One participant after the other, held against the program: `Enrollment`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from iopcal.language.admission import ROLLING
from iopcal.language.facts import build_facts, check_facts
from iopcal.language.placements import ends_that_day, warn_early
from iopcal.language.references import Names, listing
from iopcal.language.report import Report, shown
from iopcal.language.said import Said
from iopcal.model import Activity, Fact, Participant, Place, Placing, Program

_NAMES = "IOP432"  # nothing of that name
_MOST_REPEATED = 20  # warnings of one kind


class Enrollment:
    """Turns what is said of participants into the model's, and reports what does not fit the program."""

    def __init__(self, program: Program, names: Names, report: Report) -> None:
        self.program = program
        self.names = names
        self.table = False  # whether it is a table (CSV) that speaks
        self._report = report
        self._first: dict[str, Place] = {}  # id to where it was first given
        self._tracks = tuple(track.id for track in program.tracks)
        self._cohorts = {cohort.id: cohort for cohort in program.cohorts}
        self._activities = {activity.id: activity for activity in program.activities}
        self._labels: dict[str, list[Activity]] = {}
        for activity in program.activities:
            if activity.one_of:
                self._labels.setdefault(activity.one_of, []).append(activity)
        self._reached: dict[tuple[frozenset[str], int], frozenset[str]] = {}
        self._repeated: dict[tuple[str, str], list[int]] = {}  # kind and subject to places in the report

    def enroll(self, said: Said) -> Participant | None:
        """Returns the participant; None where it is not known who, when or where."""
        report = self._report
        if said.id is not None:
            other = self._first.setdefault(said.id.text, said.place)
            if other is not said.place:
                message = f"the id '{said.id.text}' is already that of another participant"
                report.error(
                    said.place, "IOP431", message, "give every participant an id of their own", (other,)
                )
        cohort = self.names.cohorts.find(said.cohort, report, _NAMES) if said.cohort else None
        track = self._track(said, cohort)
        starts = self._starts(said, cohort)
        facts = build_facts(said.facts, self.names, report) if said.facts else ()
        if facts:
            check_facts(facts, starts, track or "", self.program.phases, report)
        mine = self._mine(track, starts, facts)
        chosen = self._chosen(said, mine)
        placed = self._placed(said, mine)
        if said.id is None or track is None or starts is None:
            return None
        return Participant(
            id=said.id.text,
            track=track,
            cohort=cohort or self._same_start(starts, track),
            starts=starts,
            days=said.days,
            chosen=chosen,
            placed=placed,
            facts=facts,
            place=said.place,
        )

    def tell_repeated(self) -> None:
        """Says in the last warning of a kind that was told many times how many more there are."""
        for places in self._repeated.values():
            more = len(places) - _MOST_REPEATED
            if more > 0:
                last = self._report.problems[places[_MOST_REPEATED - 1]]
                others = f"so it is with {more:,} more of this file"
                self._report.problems[places[_MOST_REPEATED - 1]] = last._replace(
                    hint=f"{last.hint}; {others}"
                )
        self._repeated.clear()

    def _warn(self, place: Place, code: str, subject: str, message: str, hint: str) -> None:
        """Adds a warning that many participants may have for the same cause, unless it was told often."""
        places = self._repeated.setdefault((code, subject), [])
        if len(places) < _MOST_REPEATED:
            self._report.warn(place, code, message, hint)
        places.append(len(self._report.problems) - 1)

    def _track(self, said: Said, cohort: str | None) -> str | None:
        """Returns the id of the first track; reports one that is missing or not the cohort's (IOP433)."""
        possible = self._cohorts[cohort].tracks if cohort else self._tracks
        if said.track is not None:
            found = self.names.tracks.find(said.track, self._report, _NAMES)
            if found is not None and found not in possible:
                message = f"the cohort '{cohort}' does not run in the track {shown(said.track.text)}"
                hint = f"it runs in {listing(possible)}"
                self._report.error(said.track.place, "IOP433", message, hint)
                return None
            return found
        if len(possible) == 1:
            return possible[0]
        if not said.broken & {"track", "cohort"} and (cohort or not said.cohort):
            message = f"nothing says in which track {self._who(said)} is"
            hint = f"give 'track': there is {listing(possible)}"
            self._report.error(said.place, "IOP433", message, hint)
        return None

    def _starts(self, said: Said, cohort: str | None) -> date | None:
        """Returns the first day; reports one that is missing or not the cohort's (IOP414)."""
        first = self._cohorts[cohort].starts if cohort else None
        if first is None and self.program.admission != ROLLING:
            first = self.program.starts
        unknown = said.broken & {"starts", "cohort"} or (said.cohort and not cohort)
        if said.starts is not None:
            if cohort and first != said.starts:
                message = f"'{said.starts}' is not the first day of the cohort '{cohort}'"
                hint = f"it begins on {first}: remove 'starts', or 'cohort'"
                self._report.error(said.starts_place, "IOP414", message, hint)
            return said.starts
        if unknown:
            return None
        if first is None:
            message = f"nothing says when {self._who(said)} starts"
            hint = "give 'starts': where admission is rolling, everybody has a first day of their own"
            self._report.error(said.place, "IOP414", message, hint)
        return first

    def _who(self, said: Said) -> str:
        return shown(said.id.text) if said.id else "the participant"

    def _same_start(self, starts: date, track: str) -> str:
        """Returns the id of the one cohort that begins on that day in that track; '' of none or several.

        Of several, the lines of each hold.
        """
        alike = [each.id for each in self.program.cohorts if each.starts == starts and track in each.tracks]
        return alike[0] if len(alike) == 1 else ""

    def _mine(self, track: str | None, starts: date | None, facts: tuple[Fact, ...]) -> frozenset[str]:
        """Returns the ids of the sessions that a participant can come to, by their tracks and phases."""
        tracks = frozenset(fact.value for fact in facts if fact.kind == "track")
        tracks = frozenset(self._tracks) if track is None else tracks | {track}
        moves = [fact for fact in facts if fact.kind == "phase"]
        first = 0
        if moves and moves[0].span.first == starts:
            phases = [phase.id for phase in self.program.phases]
            first = min(phases.index(fact.value) for fact in moves)
        found = self._reached.get((tracks, first))
        if found is None:
            found = self._reached[tracks, first] = frozenset(self._sessions(tracks, first))
        return found

    def _sessions(self, tracks: frozenset[str], first: int) -> Iterator[str]:
        """Yields the ids of the sessions on some of these tracks, in some phase from place `first` on."""
        for activity in self.program.activities:
            if activity.tracks and tracks.isdisjoint(activity.tracks):
                continue
            for phase in self.program.phases[first:]:
                meant = not activity.phases or phase.id in activity.phases
                if meant and (phase.only is None or activity.id in phase.only):
                    yield activity.id
                    break

    def _chosen(self, said: Said, mine: frozenset[str]) -> tuple[tuple[str, str], ...]:
        """Returns the choices; reports those that are none (IOP420) and warns of missing ones (IOP421)."""
        report = self._report
        found: dict[str, str] = {}
        spelt = {label.casefold(): label for label in self._labels}
        for key, value in said.chosen:
            label = spelt.get(key.text.casefold())
            session = self.names.sessions.find(value, report, _NAMES)
            if label is None:
                near = report.nearest(key.text, self._labels)
                known = f"there is {listing(self._labels)}" if self._labels else "no session has 'one_of'"
                hint = f"did you mean '{near}'?" if near else known
                message = f"{shown(key.text)} is not a label of 'one_of' of this program"
                report.error(key.place, _NAMES, message, hint)
                continue
            if label in found:
                report.error(key.place, "IOP105", f"{shown(key.text)} is named twice", "name it once")
            if session is None:
                found.setdefault(label, "")
                continue
            names = listing(each.name for each in self._labels[label])
            if self._activities[session].one_of != label:
                message = f"{shown(value.text)} is none of the sessions of '{label}'"
                report.error(value.place, "IOP420", message, f"there is {names}")
            elif session not in mine:
                message = f"{shown(value.text)} is never on this participant's tracks and in their phases"
                report.error(value.place, "IOP420", message, "choose another one, or check the track")
            found[label] = session
        if "choose" not in said.broken:
            self._choices_missing(said, mine, found)
        return tuple((label, session) for label, session in found.items() if session)

    def _choices_missing(self, said: Said, mine: frozenset[str], found: dict[str, str]) -> None:
        for label, activities in self._labels.items():
            names = [each.name for each in activities if each.id in mine]
            if label not in found and names:
                message = f"{self._who(said)} chooses none of {listing(names)}, and attends none"
                hint = f"write 'choose: {{{label}: {names[0]}}}'"
                if self.table:
                    hint = "a roster in CSV has no choices: write it in YAML"
                self._warn(said.place, "IOP421", label, message, hint)

    def _placed(self, said: Said, mine: frozenset[str]) -> tuple[Placing, ...]:
        """Returns the placed sessions; reports those that cannot be (IOP423)."""
        report = self._report
        found: dict[str, Placing] = {}
        for each in said.placed:
            session = self.names.sessions.find(each.session, report, _NAMES)
            if session is None:
                continue
            if session in found:
                message = f"{shown(each.session.text)} is named twice"
                report.error(each.session.place, "IOP105", message, "name it once")
            activity = self._activities[session]
            if session not in mine:
                message = (
                    f"{shown(each.session.text)} is never on this participant's tracks and in their phases"
                )
                report.error(each.session.place, "IOP423", message, "remove it, or check the track")
            elif activity.monthly and each.weekday is not None:
                message = (
                    f"{shown(each.session.text)} meets on days of the month: only its time can be placed"
                )
                report.error(each.place, "IOP423", message, "write the time alone")
            minutes = max(placement.minutes or 0 for placement in activity.placements)
            ends_that_day(each.start, minutes, each.place, report)
            warn_early(each.start, each.place, report)
            found[session] = Placing(session, each.weekday, each.start, each.leads, each.session.place)
        return tuple(found.values())

"""`iopcal build`: writes the calendars of programs as .ics files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Loaded, Voice, end, print_json, voiced, worst
from iopcal.cli.folders import Crowd, Filled, fill, left_out_words
from iopcal.cli.publishing import Publishing, load_all, publishing
from iopcal.problems import Exit
from iopcal.words import count_words

if TYPE_CHECKING:
    from iopcal.publish import Draft, Options
    from iopcal.targets.folder import Folder
    from iopcal.targets.trouble import Trouble


@click.command(epilog=EXIT_CODES)
@publishing
@click.option("--allow-deletes", type=int, metavar="N", help="Let N sessions go, as a refusal named them.")
@click.option("--adopt", is_flag=True, help="Overwrite files that iopcal did not make.")
@click.option("--wait", type=float, default=0.0, metavar="SECONDS", help="Wait for another run to end.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1),
    default=1,
    metavar="N",
    help="Use N processes for many people [1].",
)
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change; write nothing.")
@voiced
def build(
    asked: Publishing,
    allow_deletes: int | None,
    adopt: bool,
    wait: float,
    jobs: int,
    dry_run: bool,
    voice: Voice,
) -> None:
    """Write the calendars of programs as .ics files.

    A staff calendar of the whole program and one calendar a track, in DIR; those of participants and leads
    in DIR/feeds, each under an address of its own. Files that do not change are not touched. A program with
    problems writes nothing and stops only itself.
    """
    if dry_run:
        from iopcal.cli.plan import show_plans

        show_plans(asked, False, voice)
    from iopcal.targets.folder import Folder
    from iopcal.targets.locks import Busy
    from iopcal.targets.trouble import trouble

    loaded = load_all(asked)
    sound = [each for each in loaded if each.sound]
    codes: list[int] = [Exit.PROBLEMS] * (len(loaded) - len(sound))
    for each in loaded:
        voice.tell(each.problems, each.texts)
    options = asked.options(allow_deletes)
    folder = Folder(Path(asked.output))
    results: list[dict[str, object]] = []
    published = Path(asked.published) if asked.published else None
    crowd = Crowd(published, None, jobs, asked.strict, _bar(voice))
    if sound:
        try:
            with folder.lock(now=options.now, wait=wait):
                for each in sound:
                    code, result = _build_one(each, asked, folder, options, adopt, crowd, voice)
                    codes.append(code)
                    results.append(result)
        except Busy as busy:
            codes.append(_say(voice, (busy.trouble,)))
        except OSError as error:
            codes.append(_say(voice, (trouble(error),)))
    for words in left_out_words(loaded):
        voice.note(words)
    if {Exit.DONE, Exit.LEFT_ALONE} & set(codes) and {Exit.PROBLEMS, Exit.LATER} & set(codes):
        codes.append(Exit.PARTLY)
    code = worst(codes)
    if voice.json:
        from iopcal.views.problems import as_json

        problems = [as_json(problem) for problem in voice.told]
        print_json("build", {"exit": code, "programs": results, "problems": problems})
    end(code)


def _build_one(
    each: Loaded,
    asked: Publishing,
    folder: Folder,
    options: Options,
    adopt: bool,
    crowd: Crowd,
    voice: Voice,
) -> tuple[int, dict[str, object]]:
    """Publishes one program; returns its exit code and what --json tells of it."""
    filled = fill(each, folder, asked.reader(folder), options, adopt=adopt, crowd=crowd)
    told = {objection.problem for objection in filled.objections}
    voice.tell([problem for problem in filled.warnings if problem not in told], each.texts)
    code = _say(voice, filled.objections, each.texts)
    outcome, people = filled.outcome, filled.people
    if outcome is None:
        return code, _result(each, filled, voice)
    for file, kept in (*filled.kept, *(people.kept if people else ())):
        voice.note(f"{file} could not be read; it is kept as {kept} and written anew")
    _say(voice, outcome.troubles)
    code = int(outcome.exit)
    if people is not None:
        _say(voice, people.troubles)
        code = worst((code, people.exit))
    if not voice.json and not voice.quiet and each.program and each.expansion:
        from iopcal.views.summary import summary

        voice.result(summary(each.program, each.expansion))
        voice.result(_written_words(folder, filled))
        _tell_renamed(filled.drafted, voice)
    return code, _result(each, filled, voice)


def _bar(voice: Voice) -> Callable[[int], Callable[[int], object]]:
    """Returns what shows how far the personal calendars are, on a terminal that somebody watches."""

    def begin(total: int) -> Callable[[int], object]:
        from time import monotonic

        from iopcal.cli.progress import Progress
        from iopcal.cli.session import is_patient

        progress = Progress(monotonic, total, shown=is_patient(voice))

        def advance(count: int) -> None:
            progress.advance(count)
            if progress.done:
                progress.clear()

        return advance

    return begin


def _say(voice: Voice, troubles: Sequence[Trouble], texts: Mapping[str, str] = MappingProxyType({})) -> int:
    """Tells what went wrong and returns the exit code."""
    voice.tell([trouble.problem for trouble in troubles], texts)
    return worst(trouble.exit for trouble in troubles)


def _written_words(folder: Folder, filled: Filled) -> str:
    where, drafted, outcome, people = folder.path, filled.drafted, filled.outcome, filled.people
    assert outcome is not None
    written, unchanged = len(outcome.written), outcome.unchanged
    new = any(draft.new and draft.data is not None for draft in drafted)
    if people is not None:
        written, unchanged = written + people.written, unchanged + people.unchanged
        new = new or people.new > 0
    total = count_words(written + unchanged, "calendar")
    personal = ""
    if people is not None and people.written + people.unchanged:
        personal = f", {people.written + people.unchanged:,} of them personal ones in {where}/feeds/"
    gone = f" Removed {count_words(people.removed, 'calendar')}." if people and people.removed else ""
    if not written:
        return f"No changes: {total} in {where}/ as before{personal}.{gone}"
    changed = f"{written:,} of " if unchanged else ""
    words = f"Wrote {changed}{total} in {where}/{personal}.{gone}"
    if new:
        words += (
            "\nKeep this folder: if it is ever lost, build once with --restamp, or phones will miss changes."
        )
    return words


def _tell_renamed(drafted: Sequence[Draft], voice: Voice) -> None:
    plans = [draft.plan for draft in drafted if draft.changed and not draft.new]
    if plans:
        from iopcal.views.plan import renamed

        for line in renamed(plans):
            voice.note(line)


def _result(each: Loaded, filled: Filled, voice: Voice) -> dict[str, object]:
    """Returns what --json tells of one program; nothing without it."""
    if not voice.json:
        return {}
    from iopcal.views.plan import counts

    written = filled.outcome.written if filled.outcome else ()
    people = filled.people
    numbers = (
        {"written": people.written, "removed": people.removed, "kept": people.unchanged} if people else None
    )
    return {
        "file": each.file,
        "id": each.program.id if each.program else "",
        "feeds": [
            {"file": draft.file, "written": draft.file in written, **counts(draft.plan)}
            for draft in filled.drafted
        ],
        **({"personal": numbers} if numbers else {}),
    }

"""`iopcal plan`: shows what build would change in the published calendars."""

from __future__ import annotations

from pathlib import Path

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, print_json, voiced, worst
from iopcal.cli.publishing import Publishing, load_all, publishing
from iopcal.problems import Exit
from iopcal.words import count_words


@click.command(epilog=EXIT_CODES)
@publishing
@click.option("--check", is_flag=True, help="Exit with 7 when there are changes, 4 when build would refuse.")
@voiced
def plan(asked: Publishing, check: bool, voice: Voice) -> None:
    """Show what build would change in the published calendars, in sessions; write nothing."""
    show_plans(asked, check, voice)


def show_plans(asked: Publishing, check: bool, voice: Voice) -> None:
    """Prints the plan of every sound program and ends the command."""
    from iopcal.publish import drafts, leftovers, refusals, too_large
    from iopcal.targets.folder import Folder
    from iopcal.targets.trouble import trouble
    from iopcal.views import plan as view
    from iopcal.views.problems import as_json

    options = asked.options()
    folder = Folder(Path(asked.output))
    read = asked.reader(folder)
    loaded = load_all(asked)
    codes: list[int] = []
    results: list[dict[str, object]] = []
    for each in loaded:
        voice.tell(each.problems, each.texts)
        if not each.sound or each.program is None or each.expansion is None:
            codes.append(Exit.PROBLEMS)
            continue
        try:
            drafted = drafts(each.program, each.expansion, read, options, folder.manifest.files)
            left = leftovers(each.program, folder.manifest.files, folder.read, options.now)
        except OSError as error:
            fault = trouble(error, "read")
            voice.tell([fault.problem], {})
            codes.append(fault.exit)
            continue
        large = too_large(drafted)
        if large:
            voice.tell([fault.problem for fault in large], {})
            codes.append(Exit.PROBLEMS)
            continue
        plans = [draft.plan for draft in drafted if draft.data is not None]
        rewritten = sum(draft.changed for draft in drafted)
        refused = refusals(drafted, left, options)
        changed = bool(left or rewritten)
        codes.append(
            (Exit.REFUSED if refused else Exit.CHANGES if changed else Exit.DONE) if check else Exit.DONE
        )
        results.append({"id": each.program.id, "feeds": [view.as_json(planned) for planned in plans]})
        words = view.text(each.program.id, plans, options.now, rewritten, voice.verbose)
        voice.result(words.rstrip())
        for gone in left:
            voice.result(f"  - {gone.file} goes, with {count_words(gone.ahead, 'session')} ahead")
        voice.tell([refusal.problem for refusal in refused], {})
    code = worst(codes)
    if voice.json:
        problems = [as_json(problem) for problem in voice.told]
        print_json("plan", {"exit": code, "programs": results, "problems": problems})
    end(code)

"""`iopcal lint`: checks any .ics file against what calendar programs can read."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, now, print_json, say, voiced
from iopcal.problems import Exit


@click.command(epilog=EXIT_CODES)
@click.argument("files", nargs=-1, metavar="FILE.ics...")
@click.option("--as", "as_", type=click.Choice(["feed", "file"]), help="What it is [feed if it has a name].")
@click.option("--was", metavar="OLD.ics", help="The file published before it.")
@click.option("--words", metavar="LIST", help="A file of telling words, one a line.")
@click.option("--explain", "rule", metavar="RULE", help="Explain a rule, such as R7.")
@voiced
def lint(
    files: tuple[str, ...],
    as_: str | None,
    was: str | None,
    words: str | None,
    rule: str | None,
    voice: Voice,
) -> None:
    """Check any .ics file, ours or not, against what calendar programs can read.

    Exits with 1 when a finding is an error, 0 when there are none or only warnings.
    """
    from iopcal.lint import explain, format_finding, lint

    if rule:
        try:
            text = explain(rule)
        except KeyError:
            raise click.UsageError(f"there is no rule '{rule}'") from None
        if voice.json:
            print_json("rule", {"code": rule.upper(), "text": text})
        else:
            say(text)
        end(Exit.DONE)
    if not files:
        raise click.UsageError("name at least one .ics file, or a rule with --explain")
    telling = _read(words).decode("utf-8", "replace").split("\n") if words else []
    old = _read(was) if was else None
    failed = False
    results: list[dict[str, object]] = []
    for file in files:
        for finding in lint(
            _read(file), as_=as_, was=old, words=[w for w in telling if w.strip()], now=now()
        ):
            failed = failed or finding.severity == "error"
            if voice.json:
                results.append({"file": file, **finding._asdict()})
            else:
                say(format_finding(file, finding))
    if voice.json:
        print_json("lint", {"findings": results})
    end(Exit.PROBLEMS if failed else Exit.DONE)


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise click.UsageError(f"'{name}' cannot be read: {(error.strerror or '').lower()}") from None

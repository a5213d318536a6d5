"""`iopcal schema`: the JSON Schema of program files, of rosters and of sync files."""

from __future__ import annotations

import json

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, say, voiced
from iopcal.problems import Exit


@click.command(epilog=EXIT_CODES)
@click.argument("kind", type=click.Choice(["program", "roster", "sync"]), default="program")
@voiced
def schema(kind: str, voice: Voice) -> None:
    """Print the JSON Schema of program files, of rosters or of sync files, for editors.

    Save it beside your file:  iopcal schema > program.schema.json, iopcal schema sync > sync.schema.json
    """
    from iopcal.language import json_schema, roster_schema, sync_schema

    make = {"program": json_schema, "roster": roster_schema, "sync": sync_schema}[kind]
    say(json.dumps(make(), ensure_ascii=False, indent=2))
    end(Exit.DONE)

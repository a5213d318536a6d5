"""`iopcal schema`: the JSON Schema of program files."""

from __future__ import annotations

import json

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, say, voiced
from iopcal.problems import Exit


@click.command(epilog=EXIT_CODES)
@voiced
def schema(voice: Voice) -> None:
    """Print the JSON Schema of program files, for editors.

    Save it beside your program:  iopcal schema > program.schema.json
    """
    from iopcal.language import json_schema

    say(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    end(Exit.DONE)

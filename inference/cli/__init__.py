"""The command line: `penstock start` runs the platform, `penstock ingest` puts a folder into a collection."""

from __future__ import annotations

import argparse
import asyncio
import sys

from pydantic import ValidationError

from inference.cli.arguments import add_arguments
from inference.errors import PenstockError


def main() -> None:
    """Runs the command that is asked for and ends the process with its status."""
    parser = argparse.ArgumentParser(prog="penstock", description="A self-hosted agentic platform.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="run everything in the foreground: database, runner, server, worker, UI")
    add_arguments(
        commands.add_parser("ingest", help="put the files of a folder into a collection of a running Penstock")
    )
    arguments = parser.parse_args()
    # What takes long to import, and much memory to keep, is needed by one command alone.
    if arguments.command == "ingest":
        from inference.cli.ingest import ingest

        sys.exit(ingest(arguments))
    sys.exit(_start())


def _start() -> int:
    from inference.settings import Settings
    from inference.supervisor import supervise

    try:
        return asyncio.run(supervise(Settings()))
    except PenstockError as error:
        why = error.message
    except ValidationError as error:
        why = "; ".join(f"PENSTOCK_{str(f['loc'][-1]).upper()}: {f['msg']}" for f in error.errors())
    except OSError as error:
        why = f"{error.strerror}: {error.filename}. PENSTOCK_HOME names the folder that it works in."
    print(f"Penstock cannot start: {why}", file=sys.stderr)
    return 1

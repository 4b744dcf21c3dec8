"""The command line: `penstock start` runs the platform; the others ask a running one: `ingest` puts a folder into a
collection, `test` runs the test cases of toolchains in files, `client` writes a typed client."""

from __future__ import annotations

import argparse
import asyncio
import sys

from pydantic import ValidationError

from inference.cli.arguments import add_client_arguments, add_ingest_arguments, add_test_arguments
from inference.errors import PenstockError


def main() -> None:
    """Runs the command that is asked for and ends the process with its status."""
    parser = argparse.ArgumentParser(prog="penstock", description="A self-hosted agentic platform.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="run everything in the foreground: database, runner, server, worker, UI")
    add_ingest_arguments(
        commands.add_parser("ingest", help="put the files of a folder into a collection of a running Penstock")
    )
    add_test_arguments(commands.add_parser("test", help="run the test cases of toolchains in files"))
    add_client_arguments(commands.add_parser("client", help="write a typed client of a toolchain"))
    sys.exit(_run(parser.parse_args()))


def _run(arguments: argparse.Namespace) -> int:
    # What takes long to import, and much memory to keep, is needed by one command alone.
    match arguments.command:
        case "ingest":
            from inference.cli.ingest import ingest

            return ingest(arguments)
        case "test":
            from inference.cli.cases import test

            return test(arguments)
        case "client":
            from inference.cli.typed import client

            return client(arguments)
        case _:
            return _start()


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

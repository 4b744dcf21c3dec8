"""`penstock start`: the platform in the foreground."""

from __future__ import annotations

import argparse
import asyncio
import sys

from pydantic import ValidationError

from inference.errors import PenstockError
from inference.settings import Settings
from inference.supervisor import supervise


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="penstock", description="A self-hosted agentic platform.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="run everything in the foreground: database, runner, server, worker, UI")
    parser.parse_args()
    try:
        sys.exit(asyncio.run(supervise(Settings())))
    except PenstockError as error:
        why = error.message
    except ValidationError as error:
        why = "; ".join(f"PENSTOCK_{str(f['loc'][-1]).upper()}: {f['msg']}" for f in error.errors())
    except OSError as error:
        why = f"{error.strerror}: {error.filename}. PENSTOCK_HOME names the folder that it works in."
    print(f"Penstock cannot start: {why}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()

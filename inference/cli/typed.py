"""`penstock client TOOLCHAIN`: a typed client, written to a file or the standard output."""

from __future__ import annotations

import argparse
import asyncio
import sys

from inference.cli.client import CallFailed, calling


def client(arguments: argparse.Namespace) -> int:
    """The exit status: 0, or 2 when there is no such client."""
    try:
        text = asyncio.run(_fetch(arguments))
        if arguments.output is None:
            sys.stdout.write(text)
        else:
            arguments.output.write_text(text, encoding="utf-8")
    except (CallFailed, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


async def _fetch(arguments: argparse.Namespace) -> str:
    asked = {"toolchain_id": arguments.toolchain, "version": arguments.version}
    async with calling(arguments.url, arguments.key) as penstock:
        return str((await penstock.call("fetch_toolchain_interface", asked))[arguments.language])

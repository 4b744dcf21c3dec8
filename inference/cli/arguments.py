"""What the commands take, apart from what they do: who starts the platform loads none of that."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def add_ingest_arguments(parser: argparse.ArgumentParser) -> None:
    """What `penstock ingest` takes."""
    parser.description = (
        "Puts the files of a folder into a collection and waits until they can be searched. Files that are there "
        "already are not sent again: after an interruption, give the same command once more. Hidden files, symbolic "
        "links and what is no regular file are passed over. The exit status is 1 when a file failed."
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder, with all below it")
    parser.add_argument("--collection", required=True, metavar="NAME", help="name or id; made when there is none")
    _add_server(parser)
    parser.add_argument("--include", action="append", default=[], metavar="GLOB", help="only such files, e.g. '*.pdf'")
    parser.add_argument("--exclude", action="append", default=[], metavar="GLOB", help="no such files")
    parser.add_argument("--uploads", type=int, default=4, metavar="N", help="how many are sent at once (%(default)s)")


def add_test_arguments(parser: argparse.ArgumentParser) -> None:
    """What `penstock test` takes."""
    parser.description = (
        "Runs the test cases of toolchains at a running Penstock, as they stand in files; nothing is saved. The exit "
        "status is 0 when all passed, 1 when one failed, 2 when they could not be run."
    )
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="a toolchain as JSON")
    _add_server(parser)
    parser.add_argument("--case", action="append", default=[], metavar="NAME", help="only the case of this name")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit's XML too")


def add_client_arguments(parser: argparse.ArgumentParser) -> None:
    """What `penstock client` takes."""
    parser.description = "Writes a client of a toolchain whose input and output are typed by its schemas."
    parser.add_argument("toolchain", metavar="TOOLCHAIN", help="its id")
    language = parser.add_mutually_exclusive_group(required=True)
    for name in ("python", "typescript"):
        language.add_argument(f"--{name}", dest="language", action="store_const", const=name)
    _add_server(parser)
    parser.add_argument("--version", type=int, metavar="N", help="of this version; else of the one that runs take")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to; else to the standard output")


def _add_server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where Penstock listens (%(default)s)")
    parser.add_argument(
        "--key",
        default=os.environ.get("PENSTOCK_API_KEY", ""),
        help="an API key; else PENSTOCK_API_KEY in the environment",
    )

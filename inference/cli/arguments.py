"""What `penstock ingest` takes, apart from what it does: who starts the platform loads none of that."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `penstock ingest` takes."""
    parser.description = (
        "Puts the files of a folder into a collection and waits until they can be searched. Files that are there "
        "already are not sent again: after an interruption, give the same command once more. Hidden files and symbolic "
        "links are passed over. The exit status is 1 when a file failed."
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder, with all below it")
    parser.add_argument("--collection", required=True, metavar="NAME", help="name or id; made when there is none")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where Penstock listens (%(default)s)")
    parser.add_argument(
        "--key",
        default=os.environ.get("PENSTOCK_API_KEY", ""),
        help="an API key; else PENSTOCK_API_KEY in the environment",
    )
    parser.add_argument("--include", action="append", default=[], metavar="GLOB", help="only such files, e.g. '*.pdf'")
    parser.add_argument("--exclude", action="append", default=[], metavar="GLOB", help="no such files")
    parser.add_argument("--uploads", type=int, default=4, metavar="N", help="how many are sent at once (%(default)s)")

"""YAML files that people may have written: read whole, or what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from inference.models.common import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import ValidationError

MOST_FAULTS = 20
LONGEST_PATH = 300  # the names in it are the file's own


class Unreadable(Exception):
    """A file that holds no YAML, too much of it, or cannot be opened; the text says why."""


def read_yaml(path: Path, most_bytes: int) -> object:
    """What a file holds. Raises Unreadable."""
    try:
        if (size := path.stat().st_size) > most_bytes:
            raise Unreadable(f"it cannot be read: it has {size} bytes, and at most {most_bytes} are taken")
        return yaml.safe_load(path.read_text())
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise Unreadable(f"it cannot be read: {error}") from error
    except (LookupError, AttributeError) as error:
        # What PyYAML raises for a scalar that is not what its tag says, as `!!bool maybe`.
        raise Unreadable(f"it cannot be read: a value does not fit its tag ({error})") from error


def faults_of(error: ValidationError, where: str) -> list[Fault]:
    """Each fault at its path below `where`; of very many the first."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    faults = [
        Fault(path=path_of(where, *fault["loc"])[:LONGEST_PATH], message=fault["msg"]) for fault in found[:MOST_FAULTS]
    ]
    if len(found) > MOST_FAULTS:
        faults.append(Fault(path=where, message=f"there are {len(found) - MOST_FAULTS} more faults"))
    return faults


def path_of(*parts: str | int) -> str:
    """`models[2].engine_args.threads`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")

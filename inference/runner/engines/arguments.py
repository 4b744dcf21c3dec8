"""An entry's `engine_args`: options of the engine's own, each with its type, on a list.

What is not on the list is a fault: it is either set by this project, or makes the engine run code that lies in a file,
fetch what a request names, or take memory that nobody has reckoned with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from inference.models.models import ModelEntry

Form = Literal["text", "whole", "decimal", "flag", "object", "file"]
Fault = tuple[str, str]

# Nothing that could be taken for another option.
_TEXT = re.compile(r"[\w./:@+,][\w./:@+, -]{0,499}")
_WORDS: dict[Form, str] = {
    "text": "a short text of letters, digits and ./:@+,-",
    "whole": "a whole number, 0 or more",
    "decimal": "a number, 0 or more",
    "flag": "true or false",
    "object": "a mapping",
    "file": "the path of a file, relative to that of the entry",
}


def argument_faults(entry: ModelEntry, forms: Mapping[str, Form], folder: Path) -> list[Fault]:
    """What is wrong with the entry's `engine_args`; `folder` is where a relative path begins."""
    faults: list[Fault] = []
    for name, value in entry.engine_args.items():
        form = forms.get(name)
        if form is None:
            faults.append((f"engine_args.{name}", f"`{entry.engine}` takes {', '.join(sorted(forms)) or 'none'}"))
        elif not _fits(value, form):
            faults.append((f"engine_args.{name}", f"it must be {_WORDS[form]}"))
        elif form == "file" and not (folder / value).is_file():
            faults.append((f"engine_args.{name}", f"there is no file {folder / value}"))
    return faults


def _fits(value: object, form: Form) -> bool:
    match form:
        case "text":
            return isinstance(value, str) and bool(_TEXT.fullmatch(value))
        case "whole":
            return type(value) is int and value >= 0
        case "decimal":
            return type(value) in (int, float) and float(str(value)) >= 0
        case "flag":
            return isinstance(value, bool)
        case "object":
            return isinstance(value, dict)
        case "file":
            return isinstance(value, str) and 0 < len(value) < 4096 and "\0" not in value


def whole(entry: ModelEntry, name: str) -> int | None:
    """A whole number among the entry's arguments that have been checked; None where it is not given, or 0."""
    value: Any = entry.engine_args.get(name)
    return int(value) or None if value is not None else None

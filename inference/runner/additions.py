"""added_models.yaml in the home: the models that `add_model` made, and what `modify_model` changed of any.

It is written whole and put in place of the old one at once, so that nobody ever reads half of it. models.yaml is its
operator's, with comments and all, and never written.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import ValidationError

from inference.errors import Conflict, InvalidInput, Unavailable
from inference.models.common import Fault
from inference.models.models import ModelChange, ModelFile
from inference.runner.written import Unreadable, faults_of, path_of, read_yaml

if TYPE_CHECKING:
    from inference.models.models import ModelEntry

FILE_NAME = "added_models.yaml"
MAX_FILE_BYTES = 4 << 20


class Additions:
    """The file at `path`, read once; `faults` when it cannot be: then nothing is added until it is mended."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []
        found = self._read()
        self.models: list[ModelEntry] = found.models
        self.changes: list[ModelChange] = found.changes

    def put(self, models: list[ModelEntry], changes: list[ModelChange]) -> None:
        """Writes both. Raises Unavailable when that is not possible, and Conflict when it is too much to be read again;
        then everything is as before."""
        if self.faults:
            raise Unavailable(f"{self.path} cannot be read, and is not overwritten: mend it or take it away.")
        file = {
            "models": [model.model_dump(mode="json", exclude_unset=True) for model in models],
            "changes": [change.model_dump(mode="json", exclude_unset=True) for change in changes],
        }
        text = "# Written by add_model and modify_model.\n" + yaml.safe_dump(file, allow_unicode=True, sort_keys=False)
        if len(text.encode()) > MAX_FILE_BYTES:
            raise Conflict(f"{self.path} would be larger than {MAX_FILE_BYTES >> 20} MiB. Remove a model first.")
        try:
            self._replace(text)
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be written: {error.strerror}.") from error
        self.models, self.changes = models, changes

    def _replace(self, text: str) -> None:
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=FILE_NAME)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _read(self) -> ModelFile:
        if not self.path.exists():
            return ModelFile()
        try:
            file = ModelFile.model_validate(read_yaml(self.path, MAX_FILE_BYTES) or {})
        except ValidationError as error:
            self.faults += faults_of(error, FILE_NAME)
            return ModelFile()
        except Unreadable as error:
            self.faults.append(Fault(path=str(self.path), message=str(error)))
            return ModelFile()
        for place, change in enumerate(file.changes):
            self.faults += [
                Fault(path=path_of(FILE_NAME, "changes", place, name), message=message)
                for name, message in faults_of_change(change)
            ]
        return ModelFile() if self.faults else file


def check_change(change: ModelChange) -> None:
    """Raises InvalidInput."""
    if faults := faults_of_change(change):
        field, message = faults[0]
        raise InvalidInput(f"{field}: {message}.", field=field)


def faults_of_change(change: ModelChange) -> list[tuple[str, str]]:
    """Fields that may be left out and are null instead, which the generated model takes."""
    nulls = (name for name in ("pin", "priority") if getattr(change, name) is None)
    return [(name, "it may be left out, and is never null") for name in nulls if name in change.model_fields_set]

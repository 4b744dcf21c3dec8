"""Everything that is wrong with a toolchain, at once. Pure but for the registry of functions."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from inference.composer.validation.cases import faults_of_cases
from inference.composer.validation.nodes import faults_of_nodes
from inference.composer.validation.page import faults_of_page
from inference.composer.validation.shape import faults_of_names, faults_of_shape
from inference.composer.validation.state import faults_of_state
from inference.composer.validation.whole import faults_of_whole
from inference.errors import InvalidInput
from inference.functions import Caller
from inference.models.common import Fault
from inference.models.toolchain import Toolchain

# Lists whose elements are of several kinds.
_CHOSEN = frozenset(
    {
        "nodes",
        "checks",
        "elements",
        "children",
        "on_send",
        "on_upload",
        "on_change",
        "on_submit",
        "on_select",
        "on_press",
    }
)


def read_toolchain(
    definition: dict[str, Any], caller: Caller | None = None, *, field: str = "toolchain", cases: bool = True
) -> Toolchain:
    """The toolchain, when it has no fault. Raises InvalidInput with all of them; `field` is where it was given. Without
    `cases` those of its test cases are none: they keep nobody from running it."""
    toolchain, faults = check_toolchain(definition, caller, cases=cases)
    if toolchain is None or faults:
        first = faults[0]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise InvalidInput(f"The toolchain has faults: {first.path}: {first.message}{more}", field=field, faults=faults)
    return toolchain


def check_toolchain(
    definition: dict[str, Any], caller: Caller | None = None, *, cases: bool = True
) -> tuple[Toolchain | None, list[Fault]]:
    """The toolchain if its form is right, and every fault that was found; for a `caller` also what they may not do.
    Without `cases` its test cases are not looked into."""
    try:
        toolchain = Toolchain.model_validate(definition)
    except ValidationError as error:
        return None, [Fault(path=_path(fault["loc"]), message=_words(fault["msg"])) for fault in error.errors()]
    except RecursionError:
        return None, [Fault(path="nodes", message="nodes or elements of the page hold others too deep")]
    faults = [
        *faults_of_names(toolchain),
        *faults_of_shape(toolchain, ""),
        *faults_of_whole(toolchain),
        *faults_of_nodes(toolchain, caller),
        *faults_of_state(toolchain),
        *(faults_of_cases(toolchain) if cases else ()),
        *faults_of_page(toolchain),
    ]
    return toolchain, faults


def _path(location: tuple[int | str, ...]) -> str:
    # pydantic names the chosen kind of what is listed between its index and the field: that is no part of the JSON.
    kinds = {at + 1 for at, part in enumerate(location) if isinstance(part, int) and location[at - 1] in _CHOSEN}
    parts = [part for at, part in enumerate(location) if at not in kinds]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".") or "$"


def _words(message: str) -> str:
    return message.replace("Extra inputs are not permitted", "this field is not known here").replace(
        "Field required", "this field is missing"
    )

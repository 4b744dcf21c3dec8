"""A client in Python: text made from shapes. Whatever a toolchain's author wrote enters it as a literal only. Pure."""

from __future__ import annotations

import keyword
from typing import Any

from inference.composer.interface.shapes import ListOf, Literals, Named, Plain, Record, Type, Union

_WORDS = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "any": "Any",
    "object": "dict[str, Any]",
}
# As names of fields in a class they would hide the types of the fields beside them.
_TYPES = {"str", "int", "float", "bool", "list", "dict", "Any", "Literal", "NotRequired"}

_RUN = '''

class RunFailed(Exception):
    """The run did not complete: `status` says what became of it, `error` why, as the server tells it."""

    def __init__(self, status: str, error: dict[str, Any] | None) -> None:
        super().__init__((error or {}).get("message") or f"the run is {status}")
        self.status = status
        self.error = error


def run(input: Input, *, api_key: str, base_url: str = BASE_URL, timeout: float = 600) -> Output:
    """Runs the toolchain and waits for its output. Raises RunFailed; OSError when nobody answers in `timeout` s."""
    body = json.dumps(CALL | {"input": input, "wait": True}).encode()
    headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{base_url}/api/run_toolchain", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            result = json.load(response)["result"]
    except urllib.error.HTTPError as refused:
        raise RunFailed("refused", _told(refused)) from None
    if result["status"] != "completed":
        raise RunFailed(result["status"], result["error"])
    return cast("Output", result["output"])


def _told(refused: urllib.error.HTTPError) -> dict[str, Any]:
    with refused:
        try:
            return json.load(refused)["error"]
        except (ValueError, KeyError, TypeError):
            return {"message": f"the server answered with status {refused.code}"}
'''  # fmt: skip


def python_client(title: str, records: list[Record], call: dict[str, Any], address: str) -> str:
    """A module with a TypedDict for each record and the function `run`. `call`: what is sent besides the input."""
    types = "\n".join(_record(record, {other.name for other in records}) for record in records)
    names = [name for name in ("Literal", "NotRequired") if f"{name}[" in types]
    imports = ", ".join(["Any", *names, "TypedDict", "cast"])
    return (
        f"{title!a}\n\nfrom __future__ import annotations\n\n"
        f"import json\nimport urllib.error\nimport urllib.request\nfrom typing import {imports}\n\n"
        f"BASE_URL = {address!a}\nCALL: dict[str, Any] = {call!a}\n{types}{_RUN}"
    )


def _record(record: Record, names: set[str]) -> str:
    taken = names | _TYPES
    if any(not _plain(field.name) or field.name in taken for field in record.fields):
        fields = "".join(
            f"    {field.name!a}: {_field_type(field.type, required=field.required)!a},\n" for field in record.fields
        )
        return f'\n{record.name} = TypedDict("{record.name}", {{\n{fields}}})\n'
    lines = [f"    {field.name}: {_field_type(field.type, required=field.required)}\n" for field in record.fields]
    return f"\n\nclass {record.name}(TypedDict):\n{''.join(lines or ['    pass'])}\n"


def _plain(name: str) -> bool:
    """Whether it can stand in a class as it is. Names that begin with two underscores would be changed there."""
    return name.isascii() and name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")


def _field_type(kind: Type, *, required: bool) -> str:
    return _type(kind) if required else f"NotRequired[{_type(kind)}]"


def _type(kind: Type) -> str:
    match kind:
        case Plain(word):
            return _WORDS[word]
        case Literals(values):
            return f"Literal[{', '.join(map(ascii, values))}]"
        case ListOf(of):
            return f"list[{_type(of)}]"
        case Union(of):
            return " | ".join(map(_type, of))
        case Named(name):
            return name

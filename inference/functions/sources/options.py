"""What somebody may say of an object store: each option by name and with a pattern of its own.

Options become parts of host names and headers, and a library reads them that has many more, some of which lead it to
credentials in the environment, in files or at a cloud's address within this machine's network. So what is not named
here is refused, and credentials are handed over as such, never beside what the server's environment holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from inference.errors import InvalidInput
from inference.functions.web import Allowance, check_address, read_url
from inference.json_values import is_object

_VISIBLE = re.compile(r"[!-~]{1,10000}")
_PATTERNS = {
    "s3": {
        "access_key_id": re.compile(r"[!-~]{1,256}"),
        "secret_access_key": re.compile(r"[ -~]{1,1024}"),
        "session_token": _VISIBLE,
        "region": re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}"),
        "endpoint": _VISIBLE,
        "virtual_hosted_style_request": re.compile(r"true|false", re.IGNORECASE),
    },
    "gs": {"service_account_key": re.compile(r".+", re.DOTALL)},
    "az": {
        # https://learn.microsoft.com/azure/storage/common/storage-account-overview: the names of storage accounts.
        "account_name": re.compile(r"[a-z0-9]{3,24}"),
        "account_key": re.compile(r"[A-Za-z0-9+/]{1,1000}={0,2}"),
        "sas_key": _VISIBLE,
        "endpoint": _VISIBLE,
    },
}
SCHEMES = frozenset(_PATTERNS)
# What must be given, all of one of these groups.
_NEEDED = {
    "s3": [{"access_key_id", "secret_access_key"}],
    "gs": [{"service_account_key"}],
    "az": [{"account_name", "account_key"}, {"account_name", "sas_key"}],
}
# What a token is asked with. The library takes an address to ask from the key as well, and to ask it without a token.
_KEY_FIELDS = ("client_email", "private_key", "private_key_id")


@dataclass(frozen=True, slots=True)
class Access:
    """How a store is opened: the library's settings and what gives it credentials. `address`: of a container whose
    objects are had by `signature`, which is theirs as well; without one, each object's address is signed."""

    config: dict[str, str]
    credentials: Callable[[], dict[str, Any]] | None = None
    address: str = ""
    signature: str = field(default="", repr=False)


def needed(scheme: str) -> str:
    """The options that credentials take."""
    return " and ".join(f"`{name}`" for name in sorted(_NEEDED[scheme][0]))


def is_complete(scheme: str, options: dict[str, str]) -> bool:
    """Whether they hold credentials."""
    return any(names <= options.keys() for names in _NEEDED[scheme])


def check_options(scheme: str, options: dict[str, str]) -> None:
    """Raises InvalidInput for what is no option or not one's value."""
    patterns = _PATTERNS[scheme]
    for name, value in options.items():
        if name not in patterns:
            raise InvalidInput(
                f"{name!r} is no option of {scheme}://; there are {', '.join(patterns)}.", field="options"
            )
        if not patterns[name].fullmatch(value):
            raise InvalidInput(
                f"`options.{name}` is not as {scheme}:// has them: it must match {patterns[name].pattern}",
                field=f"options.{name}",
            )


def read_options(scheme: str, bucket: str, options: dict[str, str], allowance: Allowance) -> Access:
    """From options that were checked and hold credentials. Raises InvalidInput, and ForbiddenAddress for an endpoint by
    an address in one's own network."""
    if "endpoint" in options:
        options = options | {"endpoint": _endpoint(options["endpoint"], allowance)}
    match scheme:
        case "s3":
            return _s3(options)
        case "gs":
            return Access({"google_service_account_key": _account_key(options["service_account_key"])})
        case _:
            return _azure(bucket, options)


def _s3(options: dict[str, str]) -> Access:
    config = {
        f"aws_{name}": options[name]
        for name in ("region", "endpoint", "virtual_hosted_style_request")
        if name in options
    }
    credentials = {
        "access_key_id": options["access_key_id"],
        "secret_access_key": options["secret_access_key"],
        "token": options.get("session_token"),
        "expires_at": None,
    }
    return Access(config, lambda: credentials)


def _azure(container: str, options: dict[str, str]) -> Access:
    account = options["account_name"]
    config = {"azure_storage_account_name": account}
    if "endpoint" in options:
        config["azure_storage_endpoint"] = options["endpoint"]
    if "account_key" in options:
        return Access(config, lambda: {"access_key": options["account_key"], "expires_at": None})
    address = options.get("endpoint") or f"https://{account}.blob.core.windows.net"
    signature = options["sas_key"].removeprefix("?")
    return Access(config, lambda: {"sas_token": signature, "expires_at": None}, f"{address}/{container}", signature)


def _endpoint(text: str, allowance: Allowance) -> str:
    try:
        url = read_url(text, log_in="credentials are options of their own")
    except InvalidInput as problem:
        raise InvalidInput(problem.message.replace("`url`", "`options.endpoint`"), field="options.endpoint") from None
    if url.query_string:
        raise InvalidInput("`options.endpoint` must have no query.", field="options.endpoint")
    check_address(url, allowance)
    return str(url).rstrip("/")


def _account_key(text: str) -> str:
    try:
        key = orjson.loads(text)
    except orjson.JSONDecodeError:
        key = None
    if not is_object(key) or not all(isinstance(key.get(name), str) and key[name] for name in _KEY_FIELDS):
        raise InvalidInput(
            "`options.service_account_key` must be the text of a service account's key file, JSON with "
            f"{', '.join(_KEY_FIELDS)}.",
            field="options.service_account_key",
        )
    return orjson.dumps({name: key[name] for name in _KEY_FIELDS}).decode()

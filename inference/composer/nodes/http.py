"""Asks a web server, outside of one's own network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import orjson
from yarl import URL

from inference.composer.nodes.base import Step
from inference.errors import InvalidInput, NodeTimeout, UpstreamFailed
from inference.functions import (
    Allowance,
    as_text,
    check_address,
    guarded_session,
    read_allowance,
    read_body,
    read_bytes,
    read_url,
)
from inference.json_values import is_array, is_object
from inference.models.toolchain import HttpNode

MOST_REDIRECTS = 5

_SHOWN_CHARACTERS = 300
_HEADER_BYTES = 16 * 1024
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_NOT_PRINTED = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")

# What the connection itself is made of (RFC 9110, 7.6.1), and what follows from the request: not the node's to say.
_RESERVED = frozenset((
    "accept-encoding", "connection", "content-encoding", "content-length", "expect", "host", "keep-alive",
    "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
))  # fmt: skip

# The headers that hold no secret: all that another server sees after a redirect, and whoever watches the run.
_HARMLESS = frozenset(("accept", "accept-language", "content-type", "user-agent"))


async def perform_http(node: HttpNode, step: Step) -> dict[str, Any]:
    """`{status, headers, body}`: header names in lower case; the body is JSON or text. Raises InvalidInput for a
    request that cannot be made, ForbiddenAddress, LimitReached for too long a body, NodeTimeout, and UpstreamFailed for
    a status of 400 and more, an answer that cannot be read, and servers that cannot be reached."""
    request = _request(node, step)
    step.tell(request.shown)
    allowance = read_allowance(step.run.ctx.settings.http_allow)
    try:
        async with asyncio.timeout(node.timeout_seconds):
            return await _ask(request, node, allowance)
    except aiohttp.InvalidURL as error:
        raise InvalidInput(f"`url` is not a web address: {error}.", field="url") from None
    except aiohttp.ClientConnectorDNSError:
        raise UpstreamFailed(f"There is no host {request.url.host!r} that can be found.", field="url") from None
    # In this order: the library's timeouts of a silent server are ClientErrors too, and a TimeoutError is an OSError.
    except aiohttp.ClientError as error:
        raise _unreachable(request, error) from None
    except TimeoutError:
        raise NodeTimeout(
            f"{request.url.host} took longer than the node's {node.timeout_seconds:g} seconds.",
            field="timeout_seconds",
        ) from None
    except OSError as error:
        raise _unreachable(request, error) from None


def _unreachable(request: _Request, error: Exception) -> UpstreamFailed:
    problem = str(error) or type(error).__name__
    return UpstreamFailed(f"{request.url.host} did not answer: {problem[:_SHOWN_CHARACTERS]}.", field="url")


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | None

    @property
    def shown(self) -> dict[str, Any]:
        """The request as events show it: without what may be a secret."""
        headers = {name: value if name in _HARMLESS else "…" for name, value in self.headers.items()}
        body = None if self.body is None else self.body.decode()
        return {"method": self.method, "url": str(self.url), "headers": headers, "body": body}

    def redirected(self, status: int, location: str) -> _Request:
        """The request that a redirect asks for, as browsers make it: 303, and 301 and 302 after a POST, become a GET.
        To another origin go harmless headers only. Raises UpstreamFailed."""
        try:
            url = read_url(str(self.url.join(URL(location))))
        except (ValueError, InvalidInput) as error:
            raise UpstreamFailed(f"{self.url.host} redirects to what cannot be asked: {error}") from None
        headers = dict(self.headers)
        if url.origin() != self.url.origin():
            headers = {name: value for name, value in headers.items() if name in _HARMLESS}
        if (status == 303 and self.method != "HEAD") or (status in (301, 302) and self.method == "POST"):
            headers.pop("content-type", None)
            return _Request("GET", url, headers, None)
        return replace(self, url=url, headers=headers)


async def _ask(request: _Request, node: HttpNode, allowance: Allowance) -> dict[str, Any]:
    for _ in range(MOST_REDIRECTS + 1):
        check_address(request.url, allowance)
        async with guarded_session(allowance).request(
            request.method, request.url, headers=request.headers, data=request.body, allow_redirects=False
        ) as response:
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or not location:
                return await _answer(response, node)
            # Whatever else it says is not read: the connection is not worth a body of any length.
            response.close()
        request = request.redirected(response.status, location)
    raise UpstreamFailed(f"{request.url.host} redirects more than {MOST_REDIRECTS} times.", field="url")


async def _answer(response: aiohttp.ClientResponse, node: HttpNode) -> dict[str, Any]:
    if response.status >= 400 and response.status not in node.accept_status:
        start = as_text(response, await read_bytes(response, min(node.max_bytes, 4 * _SHOWN_CHARACTERS), cut=True))
        said = f": {start[:_SHOWN_CHARACTERS]}" if start.strip() else "."
        raise UpstreamFailed(f"{response.url.host} answered {response.status}{said}")
    body = await read_bytes(response, node.max_bytes)
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        name = name.lower()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return {"status": response.status, "headers": headers, "body": read_body(response, body, node.expect)}


def _request(node: HttpNode, step: Step) -> _Request:
    """What is asked, from the node's values. Raises InvalidInput naming the field."""
    url = read_url(step.evaluate(node.url))
    query = [pair for name, value in node.query.items() for pair in _pairs(name, step.evaluate(value))]
    headers: dict[str, str] = {}
    for name, value in node.headers.items():
        if (text := _header(name, step.evaluate(value))) is not None:
            headers[name.lower()] = text
    if sum(len(name) + len(value) for name, value in headers.items()) > _HEADER_BYTES:
        raise InvalidInput(f"`headers` are longer than {_HEADER_BYTES} characters.", field="headers")
    body = step.evaluate(node.body)
    content = _content(body)
    if content is not None:
        kind = "text/plain; charset=utf-8" if isinstance(body, str) else "application/json"
        headers.setdefault("content-type", kind)
    return _Request(node.method, read_url(str(url.extend_query(query))) if query else url, headers, content)


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    """A parameter once, or once for each element of a list; null leaves it out."""
    if is_array(value):
        return [pair for item in value for pair in _pairs(name, item)]
    if is_object(value):
        raise InvalidInput(
            f"The parameter {name!r} must be text, a number, a boolean or a list.", field=f"query.{name}"
        )
    return [] if value is None else [(name, _text(value))]


def _header(name: str, value: Any) -> str | None:
    """A header's text; null leaves it out."""
    field = f"headers.{name}"
    if not _TOKEN.fullmatch(name):
        raise InvalidInput(f"{name!r} is no name of a header.", field=field)
    if name.lower() in _RESERVED:
        raise InvalidInput(f"The header {name!r} is made by the platform. Leave it out.", field=field)
    if is_array(value) or is_object(value):
        raise InvalidInput(f"The header {name!r} must be text.", field=field)
    if value is None:
        return None
    text = _text(value)
    if _NOT_PRINTED.search(text):
        raise InvalidInput(f"The header {name!r} has line breaks or control characters.", field=field)
    return text.strip()


def _content(body: Any) -> bytes | None:
    if body is None:
        return None
    try:
        return body.encode() if isinstance(body, str) else orjson.dumps(body)
    except (TypeError, UnicodeEncodeError) as error:
        raise InvalidInput(f"`body` cannot be sent: {error}.", field="body") from None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()

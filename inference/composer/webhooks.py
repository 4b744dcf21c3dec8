"""Addresses that start runs: the functions that are about webhooks, and what a call to one does."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from typing import Any
from uuid import UUID

from db import CalledWebhook
from inference.composer.catalogue import find_toolchain
from inference.composer.functions import composer_of
from inference.composer.inputs import checked_input
from inference.composer.launching import RepeatedRun
from inference.errors import Conflict, InvalidInput, NotFound, PenstockError, Unavailable
from inference.functions import Caller, Context, function, new_id, no_such, parse_id
from inference.json_values import is_object
from inference.models.common import Empty
from inference.models.runs import RunError
from inference.models.triggers import (
    CreateWebhookRequest,
    CreateWebhookResult,
    TriggersRequest,
    WebhookList,
    WebhookReference,
)

MOST_WEBHOOKS = 100
_LONGEST_KEY = 200
_LONGEST_MESSAGE = 1000
_PREFIX = "whsec_"


@function(scope="runs:write")
async def create_webhook(ctx: Context, request: CreateWebhookRequest) -> CreateWebhookResult:
    """Makes an address that starts a run for everyone who knows its secret, which is shown this once: `POST` JSON to it
    with `Authorization: Bearer whsec_…`. The body is the run's input if it fits, else the input's `body`. The runs may
    do what whoever makes the webhook may."""
    await find_toolchain(ctx.storage, ctx.user, request.toolchain_id)
    uid, secret = new_id(), _PREFIX + secrets.token_urlsafe(32)
    scopes = None if ctx.user.scopes is None else sorted(ctx.user.scopes)
    async with ctx.storage.transaction() as work:
        if await work.webhooks.count_alone(ctx.user.key) >= MOST_WEBHOOKS:
            raise Conflict(f"You have {MOST_WEBHOOKS} webhooks, the most there can be. Delete one first.")
        await work.webhooks.create(uid, ctx.user.key, request.toolchain_id, request.title, _hash(secret), scopes)
    return CreateWebhookResult(webhook_id=str(uid), url=f"/api/hooks/{uid}", secret=secret)


@function(scope="runs:read", read_only=True)
async def fetch_webhooks(ctx: Context, request: TriggersRequest) -> WebhookList:
    """The caller's webhooks, newest first, without their secrets."""
    return WebhookList(webhooks=await ctx.storage.webhooks.list(ctx.user.key, request.toolchain_id))


@function(scope="runs:write")
async def delete_webhook(ctx: Context, request: WebhookReference) -> Empty:
    """Ends a webhook at once; the runs that it started stay."""
    if not await ctx.storage.webhooks.delete(ctx.user.key, parse_id(request.webhook_id, "webhook", "webhook_id")):
        raise no_such("webhook", request.webhook_id, "webhook_id")
    return Empty()


async def find_webhook(ctx: Context, webhook_id: str, authorization: str | None) -> CalledWebhook:
    """The webhook, if the header holds its secret. Raises NotFound in the same words whatever is wrong."""
    scheme, _, secret = (authorization or "").partition(" ")
    unknown = NotFound("There is no such webhook, or `Authorization: Bearer whsec_…` does not hold its secret.")
    try:
        uid = UUID(webhook_id)
    except ValueError:
        raise unknown from None
    found = await ctx.storage.webhooks.authenticate(uid, _hash(secret.strip())) if scheme.lower() == "bearer" else None
    if found is None:
        raise unknown
    return found


async def start_from_webhook(ctx: Context, webhook: CalledWebhook, body: Any, key: str | None) -> UUID:
    """Queues the run that a call asks for; the one from before when `key` was used for the same. Raises InvalidInput
    when the toolchain cannot take the body, Conflict when `key` was used for something else. What was refused is
    noted too."""
    try:
        return await _start(ctx, webhook, body, key)
    except Unavailable:
        raise
    except PenstockError as error:
        told = RunError(type=error.name, message=error.message[:_LONGEST_MESSAGE])
        await ctx.storage.webhooks.report(webhook.id, None, told.model_dump())
        raise


async def _start(ctx: Context, webhook: CalledWebhook, body: Any, key: str | None) -> UUID:
    if key is not None and not 0 < len(key) <= _LONGEST_KEY:
        raise InvalidInput(f"An Idempotency-Key has 1 to {_LONGEST_KEY} characters.", field="Idempotency-Key")
    scopes = None if webhook.scopes is None else frozenset(webhook.scopes)
    owner = Caller(webhook.user_id, webhook.user_uid, webhook.username, webhook.is_admin, scopes)
    owned = replace(ctx, caller=owner)
    composer = composer_of(ctx)
    key = None if key is None else f"webhook:{webhook.uid}:{key}"
    toolchain = await find_toolchain(ctx.storage, owner, webhook.toolchain_id)
    given = input_of(toolchain.definition, body)
    try:
        async with ctx.storage.transaction() as work:
            run = await composer.start(
                owned, webhook.toolchain_id, given, version=toolchain.version, idempotency_key=key, work=work
            )
            await work.webhooks.report(webhook.id, run)
            await work.queue.put(run)
    except RepeatedRun as repeated:
        found = await ctx.storage.runs.by_idempotency_key(owner.key, repeated.key)
        if found is None or not given.items() <= found[2].items():
            raise Conflict(
                "This Idempotency-Key was used for another body. Take a new key.", field="Idempotency-Key"
            ) from None
        return found[0]
    return run


def input_of(definition: dict[str, Any], body: Any) -> dict[str, Any]:
    """The input that a body is: itself if it fits the toolchain's input schema, else under `body` if there is such a
    property. Raises InvalidInput. Pure."""
    schema = definition.get("input", {})
    takes_body = "body" in schema.get("properties", {})
    if not is_object(body):
        if not takes_body:
            raise InvalidInput("The body must be a JSON object: this toolchain's input has no property `body`.")
        return {"body": body}
    if takes_body:
        try:
            checked_input(schema, body)
        except InvalidInput:
            return {"body": body}
    return body


def _hash(secret: str) -> bytes:
    """What is kept of a secret. Its bits are random, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()

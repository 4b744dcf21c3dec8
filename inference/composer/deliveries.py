"""The function that tells what came of schedules and webhooks."""

from __future__ import annotations

from inference.errors import InvalidInput
from inference.functions import Context, function, parse_optional_id
from inference.models.triggers import DeliveriesRequest, DeliveryList


@function(scope="runs:read", read_only=True)
async def fetch_deliveries(ctx: Context, request: DeliveriesRequest) -> DeliveryList:
    """What came of the last 50 times that a schedule or a webhook of the caller was to start a run, newest first. What
    belongs to others has none."""
    schedule = parse_optional_id(request.schedule_id, "schedule", "schedule_id")
    webhook = parse_optional_id(request.webhook_id, "webhook", "webhook_id")
    deliveries, user = ctx.storage.deliveries, ctx.user.key
    if schedule and not webhook:
        return DeliveryList(deliveries=await deliveries.of_schedule(user, schedule, request.limit))
    if webhook and not schedule:
        return DeliveryList(deliveries=await deliveries.of_webhook(user, webhook, request.limit))
    raise InvalidInput("Give a `schedule_id` or a `webhook_id`, and only one of them.", field="schedule_id")

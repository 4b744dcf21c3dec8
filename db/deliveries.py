"""What came of the times that schedules and webhooks were to start a run."""

from __future__ import annotations

from uuid import UUID

from db.table import Table
from inference.models.triggers import Delivery


class Deliveries(Table):
    """Storage of deliveries; schedules and webhooks report them. `user` is always the caller: nothing of others is
    found. Newest first."""

    async def of_schedule(self, user: int, schedule: UUID, limit: int) -> list[Delivery]:
        return [Delivery(**row) for row in await self._rows("delivery.of_schedule", user, schedule, limit)]

    async def of_webhook(self, user: int, webhook: UUID, limit: int) -> list[Delivery]:
        return [Delivery(**row) for row in await self._rows("delivery.of_webhook", user, webhook, limit)]

# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType
from . import runs


Cron = TypeAliasType("Cron", Annotated[str, Field(max_length=200, min_length=1)])
"""
Five fields: minute, hour, day of the month, month, day of the week. Or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
"""


class CreateScheduleRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]
    cron: Cron
    time_zone: Annotated[str, Field(max_length=100, min_length=1)] = "UTC"
    """
    The clock that the cron is read by, `Europe/Berlin`.
    """
    input: dict[str, Any] = {}
    title: Annotated[str, Field(max_length=200)] = ""


class ModifyScheduleRequest(BaseModel):
    """
    Changes the fields that are given.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    schedule_id: str
    enabled: bool | None = None
    cron: Cron | None = None
    time_zone: Annotated[str | None, Field(max_length=100, min_length=1)] = None
    input: dict[str, Any] | None = None
    title: Annotated[str | None, Field(max_length=200)] = None


class ScheduleReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    schedule_id: str


class TriggersRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str | None, Field(max_length=80)] = None
    """
    Only those of this toolchain.
    """


class Schedule(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    schedule_id: str
    toolchain_id: str
    title: str
    cron: str
    time_zone: str
    input: dict[str, Any]
    enabled: bool
    next_at: AwareDatetime | None
    """
    Null while it is not enabled.
    """
    last_at: AwareDatetime | None
    """
    When it was last due.
    """
    last_run_id: str | None
    """
    The last run that it started.
    """
    last_error: runs.RunError | None
    """
    Why no run could be started when it was last due.
    """
    created_at: AwareDatetime


class ScheduleList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    schedules: list[Schedule]
    """
    Newest first.
    """


class CreateWebhookRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]
    title: Annotated[str, Field(max_length=200)] = ""


class CreateWebhookResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    webhook_id: str
    url: str
    """
    Where to POST to, behind the address of this server.
    """
    secret: str
    """
    Shown this once. Callers send it as `Authorization: Bearer whsec_…`.
    """


class WebhookReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    webhook_id: str


class Webhook(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    webhook_id: str
    toolchain_id: str
    title: str
    url: str
    created_at: AwareDatetime
    last_at: AwareDatetime | None
    """
    When it last started a run.
    """
    last_run_id: str | None


class WebhookList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    webhooks: list[Webhook]
    """
    Newest first.
    """


class DeliveriesRequest(BaseModel):
    """
    Of a schedule or of a webhook.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    schedule_id: str | None = None
    webhook_id: str | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class Delivery(BaseModel):
    """
    A time that a run was to be started.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    at: AwareDatetime
    run_id: str | None
    """
    The run that was started.
    """
    status: runs.RunStatus | None
    """
    Of that run.
    """
    error: runs.RunError | None
    """
    Why no run could be started.
    """


class DeliveryList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    deliveries: list[Delivery]
    """
    Newest first.
    """


class WebhookRun(BaseModel):
    """
    What `POST /api/hooks/{webhook_id}` answers with.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str

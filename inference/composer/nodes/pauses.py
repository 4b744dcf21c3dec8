"""The nodes at which a run pauses: approval and wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from inference.composer.scope import Paused
from inference.errors import InvalidInput
from inference.json_values import is_object
from inference.models.runs import Pause
from inference.models.toolchain import ApprovalNode, WaitNode

if TYPE_CHECKING:
    from inference.composer.steps import NodeStep

# The furthest that a run may wait: who means for ever leaves the time out.
_LONGEST = timedelta(days=3660)


async def perform_approval(node: ApprovalNode, step: NodeStep) -> dict[str, Any]:
    """`{value, timed_out}`: what a person filled in, or the default."""
    message = step.evaluate(node.message)
    step.tell({"message": message})
    until = await _fixed(step, _after(node.wait_seconds) if node.wait_seconds else None)
    form = _filled_in(node.form, step)
    pause = Pause(node=step.key, kind="approval", title=node.title, message=message, form=form, until=until)
    return _answered(step, pause, node.default)


async def perform_wait(node: WaitNode, step: NodeStep) -> dict[str, Any]:
    """`{value, timed_out}`: the event's value, or the default when the time is over."""
    seconds, when = step.evaluate(node.seconds), step.evaluate(node.until)
    step.tell({"event": node.event, "seconds": seconds, "until": when})
    until = await _fixed(step, _after(seconds) if seconds is not None else _time(when) if when is not None else None)
    if node.event is None and until is None:
        raise InvalidInput("A wait needs `seconds`, `until` or `event`.", field="seconds")
    kind = "time" if node.event is None else "event"
    pause = Pause(node=step.key, kind=kind, title=node.title, event=node.event, form=node.form, until=until)
    return _answered(step, pause, node.default)


def defaults_of(form: dict[str, Any]) -> dict[str, Any]:
    """The `default`s of a form's fields by name; they are values of the toolchain."""
    fields = form.get("properties")
    listed = fields.items() if is_object(fields) else ()
    return {name: field["default"] for name, field in listed if is_object(field) and "default" in field}


def _filled_in(form: dict[str, Any], step: NodeStep) -> dict[str, Any]:
    """The form as the person finds it: what its fields hold to begin with is known now."""
    held = {name: step.evaluate(value) for name, value in defaults_of(form).items()}
    if not held:
        return form
    fields = form["properties"] | {name: form["properties"][name] | {"default": value} for name, value in held.items()}
    return form | {"properties": fields}


def _answered(step: NodeStep, pause: Pause, default: Any) -> dict[str, Any]:
    if answer := step.answer():
        return {"value": answer.result, "timed_out": False}
    if pause.until and pause.until <= datetime.now(UTC):
        return {"value": default, "timed_out": pause.kind != "time"}
    raise Paused([pause])


async def _fixed(step: NodeStep, until: datetime | None) -> datetime | None:
    """The end of the wait as it was when it began: what is recorded holds for every later attempt."""
    if until is None:
        return None

    async def now() -> str:
        return until.isoformat()

    return datetime.fromisoformat(await step.once("until", now, kind="time", acts=False))


def _after(seconds: Any) -> datetime:
    if (
        isinstance(seconds, bool)
        or not isinstance(seconds, int | float)
        or not 0 <= seconds <= _LONGEST.total_seconds()
    ):
        raise InvalidInput("`seconds` is a number from 0 to ten years.", field="seconds")
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _time(text: Any) -> datetime:
    try:
        until = datetime.fromisoformat(str(text))
    except ValueError:
        raise InvalidInput(f"`until` is an ISO 8601 time, not {str(text)[:60]!r}.", field="until") from None
    return until if until.tzinfo else until.replace(tzinfo=UTC)

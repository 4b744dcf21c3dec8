"""When a schedule is due. Pure.

Wall-clock times are meant as people mean them: where a clock is put forward, a time that it jumps over is made up right
after; where it is put back, a job of certain hours is done once, and one of every hour goes on by the hour.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from croniter import CroniterError, croniter

from inference.errors import InvalidInput

_ALIASES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
# One field: numbers and names in lists, ranges and steps, `L` for the last and `#` for the n-th weekday. Without
# croniter's `R` and `H`, which stand for a time of its own choice.
_FIELD = re.compile(r"[0-9*,/#?-]*(?:(?:[a-z]{3}|l(?![a-z]))[0-9*,/#?-]*)*", re.IGNORECASE)
# The 29th of February may be eight years away (1896, 1904).
_YEARS = 9


def check_cron(cron: str, time_zone: str, now: datetime) -> datetime:
    """The first time after `now`, in UTC. Raises InvalidInput when there is none, or no such clock."""
    zone = _zone(time_zone)
    fields = _ALIASES.get(cron.strip(), cron).split()
    if len(fields) != 5 or not all(_FIELD.fullmatch(field) for field in fields):
        raise InvalidInput(
            f"{cron[:80]!r} is no cron: give five fields, minute, hour, day, month and weekday, as in `30 8 * * 1-5`, "
            "or one of @hourly, @daily, @weekly, @monthly, @yearly.",
            field="cron",
        )
    try:
        return _next(fields, zone, now)
    except CroniterError as error:
        raise InvalidInput(f"The cron {cron[:80]!r} cannot be used: {str(error)[:200]}.", field="cron") from None


def next_time(cron: str, time_zone: str, now: datetime) -> datetime | None:
    """As `check_cron`; None when there is no such time any more."""
    try:
        return check_cron(cron, time_zone, now)
    except InvalidInput:
        return None


def _next(fields: list[str], zone: tzinfo, now: datetime) -> datetime:
    hourly = fields[1].startswith("*")
    here = now
    while True:
        found = croniter(
            " ".join(fields), here.astimezone(zone), ret_type=datetime, max_years_between_matches=_YEARS
        ).get_next(datetime)
        here = found.astimezone(UTC)
        again = here.astimezone(zone)
        if hourly or not again.fold:
            return here


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise InvalidInput(
            f"There is no time zone {name[:80]!r}. Give one as in `Europe/Berlin`.", field="time_zone"
        ) from None

"""When schedules are due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from inference.composer.cron import check_cron, next_time
from inference.errors import InvalidInput

NOW = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)
# In 2027 Berlin's clocks go forward on 28 March at 2:00 and back on 31 October at 3:00.
BEFORE_SPRING, BEFORE_AUTUMN = datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 10, 30, 12, tzinfo=UTC)


def times(cron: str, zone: str, after: datetime, count: int) -> list[str]:
    found: list[str] = []
    for _ in range(count):
        after = check_cron(cron, zone, after)
        found.append(after.strftime("%d %H:%M"))
    return found


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("* * * * *", datetime(2026, 11, 21, 12, 1, tzinfo=UTC)),
        ("30 8 * * 1-5", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        ("@hourly", datetime(2026, 11, 21, 13, tzinfo=UTC)),
        (" @daily ", datetime(2026, 11, 22, tzinfo=UTC)),
        ("0 0 L * *", datetime(2026, 11, 30, tzinfo=UTC)),
        ("0 0 * jan-mar mon,fri", datetime(2027, 1, 1, tzinfo=UTC)),
        ("0 0 * * 1#2", datetime(2026, 12, 14, tzinfo=UTC)),
        ("0 0 29 2 *", datetime(2028, 2, 29, tzinfo=UTC)),
        ("0 0 * * 7", datetime(2026, 11, 22, tzinfo=UTC)),
    ],
)
def test_the_next_time(cron: str, expected: datetime) -> None:
    assert check_cron(cron, "UTC", NOW) == expected


def test_a_time_is_that_of_the_zones_clock() -> None:
    assert times("0 9 * * *", "Asia/Kolkata", NOW, 1) == ["22 03:30"]


def test_a_time_that_the_clock_jumps_over_is_made_up() -> None:
    assert times("30 2 * * *", "Europe/Berlin", BEFORE_SPRING, 2) == ["28 01:00", "29 00:30"]


def test_a_time_that_comes_twice_is_done_once() -> None:
    assert times("30 2 * * *", "Europe/Berlin", BEFORE_AUTUMN, 2) == ["31 00:30", "01 01:30"]


def test_what_is_done_every_hour_goes_on_by_the_hour() -> None:
    late = datetime(2027, 10, 31, 0, 0, tzinfo=UTC)
    assert times("0 * * * *", "Europe/Berlin", late, 3) == ["31 01:00", "31 02:00", "31 03:00"]


@pytest.mark.parametrize(
    "cron",
    ["", "x", "* * * *", "* * * * * *", "0 0 1 1 * * 2030", "R * * * *", "H * * * *", "r(1-5) * * * *", "@reboot",
     "60 * * * *", "-1 * * * *", "*/0 * * * *", "0 0 * * foo", "0 0 30 2 *", "0 0 1 1 0#9", "١ * * * *",
     "l" * 150 + "!", "0 0 * * " + "1," * 90, "a" * 200, "* * * * *; rm"],
)  # fmt: skip
def test_what_is_no_cron(cron: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_cron(cron, "UTC", NOW)
    assert refused.value.field == "cron"
    assert next_time(cron, "UTC", NOW) is None


@pytest.mark.parametrize(
    "zone", ["", "Nowhere", "../../etc/passwd", "/etc/localtime", "America", "a\0b", "é", "x" * 100]
)
def test_what_is_no_time_zone(zone: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_cron("@daily", zone, NOW)
    assert refused.value.field == "time_zone"

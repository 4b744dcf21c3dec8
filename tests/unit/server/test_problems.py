"""What callers are told of an error that nobody foresaw, and what the log says of it."""

from __future__ import annotations

import orjson
import pytest

from inference.server.problems import api_problem


def test_what_nobody_foresaw_is_in_the_log_under_the_id_that_the_caller_gets(caplog: pytest.LogCaptureFixture) -> None:
    response = api_problem(RuntimeError("the pipe burst"), "request-7")
    told = orjson.loads(response.body)["error"]
    assert (response.status_code, told["request_id"]) == (500, "request-7")
    assert "pipe" not in told["message"], "what went wrong within is nobody else's business"
    (logged,) = caplog.records
    assert "request-7" in logged.getMessage()
    assert logged.exc_info
    assert str(logged.exc_info[1]) == "the pipe burst"

"""The pure parts of the token path: what was asked, usage in streams, routes, trying again, rules."""

from __future__ import annotations

import itertools
from typing import Any
from uuid import uuid4

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from inference.errors import InvalidInput
from inference.functions import Caller, Tokens, estimate
from inference.functions.gateway.counting import Rule
from inference.functions.gateway.limits import rules_of
from inference.functions.gateway.routes import Route, plan
from inference.models.gateway import UsageLimit
from inference.server.problems import MalformedRequest
from inference.server.v1.asked import encoded, outgoing, read_asked
from inference.server.v1.trying import MOST_ATTEMPTS, Breaker, Budget, read_retry_after, wait_before
from inference.server.v1.usage import StreamScan, read_usage

SCALARS = some.none() | some.booleans() | some.integers(-(2**63), 2**63) | some.text()
ANY_JSON = some.recursive(
    SCALARS, lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner), max_leaves=10
)


class TestAsked:
    @settings(max_examples=50)
    @given(some.dictionaries(some.text(), ANY_JSON))
    def test_what_is_not_routed_by_goes_on_as_it_came(self, beside: dict[str, Any]) -> None:
        body = orjson.dumps(beside | {"model": "openai/m"})
        sent = orjson.loads(outgoing(read_asked(body), "m", {}, add_usage=False))
        assert sent == beside | {"model": "m"}

    def test_numbers_keep_their_digits(self) -> None:
        body = b'{"model": "a", "x": 0.30000000000000004, "y": 12345678901234567890123, "z": 1e400}'
        sent = outgoing(read_asked(body), "b", {}, add_usage=False)
        assert b"0.30000000000000004" in sent
        assert b"12345678901234567890123" in sent
        assert b"1e400" in sent

    def test_nothing_is_written_anew_where_nothing_changes(self) -> None:
        body = b'{ "model" : "extractive" }'
        assert outgoing(read_asked(body), "extractive", {}, add_usage=False) is body

    def test_defaults_fill_what_is_left_out(self) -> None:
        asked = read_asked(b'{"model": "a", "temperature": 1}')
        sent = outgoing(asked, "b", encoded({"temperature": 0.2, "seed": 3}), add_usage=False)
        assert orjson.loads(sent) == {"model": "b", "temperature": 1, "seed": 3}

    @pytest.mark.parametrize(
        ("options", "then"),
        [
            ("", {"include_usage": True}), (',"stream_options":null', {"include_usage": True}),
            (',"stream_options":{"x":1,"include_usage":false}', {"x": 1, "include_usage": True}),
        ],
    )  # fmt: skip
    def test_usage_is_asked_for(self, options: str, then: dict[str, Any]) -> None:
        asked = read_asked(b'{"model":"a","stream":true%s}' % options.encode())
        assert asked.stream
        assert not asked.wants_usage
        assert orjson.loads(outgoing(asked, "a", {}, add_usage=True))["stream_options"] == then

    def test_tokens_that_it_may_cost(self) -> None:
        assert read_asked(b'{"model":"a","max_tokens":100}').most_tokens == 100 + 30 // 4
        assert read_asked(b'{"model":"a","max_tokens":null,"max_completion_tokens":7}').most_tokens >= 7
        assert read_asked(b'{"model":"a","max_tokens":"x"}').most_tokens < 100
        assert read_asked(b'{"model":"a","max_tokens":-5}').most_tokens < 100

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"{", b"\xff", b'{"a":1}x', b'{"model":"a","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"]
    )
    def test_bodies_that_are_none(self, body: bytes) -> None:
        with pytest.raises(MalformedRequest):
            read_asked(body)

    @pytest.mark.parametrize(
        "body",
        [
            b"{}",
            b'{"model":5}',
            b'{"model":""}',
            b'{"model":null}',
            b'{"model":"a\\r\\nb: c"}',
            b'{"model":"a\\u0000"}',
            b'{"model":"%s"}' % (b"x" * 201),
        ],
    )
    def test_without_a_model(self, body: bytes) -> None:
        with pytest.raises(InvalidInput) as caught:
            read_asked(body)
        assert caught.value.field == "model"


def event(value: Any, end: bytes = b"\n\n") -> bytes:
    return b"data: " + (value if isinstance(value, bytes) else orjson.dumps(value)) + end


TEXT = event({"choices": [{"delta": {"content": 'it says "usage":{"prompt_tokens":9}'}}], "usage": None})
USAGE = {"prompt_tokens": 5, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 2}}
LAST = event({"choices": [], "usage": USAGE})
DONE = event(b"[DONE]")


class TestStreamScan:
    @given(some.lists(some.integers(0, len(TEXT * 3 + LAST + DONE)), max_size=12), some.booleans(), some.booleans())
    def test_however_it_is_cut(self, cuts: list[int], strip: bool, crlf: bool) -> None:
        whole = TEXT * 3 + LAST + DONE
        shown = TEXT * 3 + DONE
        if crlf:
            whole, shown = whole.replace(b"\n", b"\r\n"), shown.replace(b"\n", b"\r\n")
        places = sorted({0, len(whole), *cuts})
        scan = StreamScan(strip=strip)
        out = b"".join(scan.feed(whole[a:b]) for a, b in itertools.pairwise(places)) + scan.rest()
        assert out == (shown if strip else whole)
        assert scan.tokens == Tokens(5, 7, 2)

    def test_usage_beside_text_is_noted_and_passed_on(self) -> None:
        both = event({"choices": [{"delta": {"content": "x"}}], "usage": USAGE})
        scan = StreamScan(strip=True)
        assert scan.feed(both) + scan.rest() == both
        assert scan.tokens == Tokens(5, 7, 2)

    def test_an_event_without_an_end_is_not_held_for_ever(self) -> None:
        scan = StreamScan(strip=True)
        passed = sum(len(scan.feed(b"data: " + b"x" * 10_000)) for _ in range(100))
        assert passed > 800_000

    @pytest.mark.parametrize("usage", [b"{", b'{"prompt_tokens":"x"}', b"[]", b"5"])
    def test_usage_that_is_none(self, usage: bytes) -> None:
        odd = b'data: {"choices":[],"usage":' + usage + b"}\n\n"
        scan = StreamScan(strip=True)
        assert scan.feed(odd) + scan.rest() == odd
        assert scan.tokens is None


def test_usage_of_whole_answers() -> None:
    assert read_usage(orjson.dumps({"usage": USAGE})) == Tokens(5, 7, 2)
    assert read_usage(b'{"usage":{"total_tokens":9}}') == Tokens(9, 0)
    assert read_usage(b'{"usage":{"prompt_tokens":-9,"completion_tokens":3}}') == Tokens(0, 3)
    for odd in (b"", b"[]", b'{"usage":null}', b'{"usage":5}', b"\xff", b'{"usage":{"prompt_tokens":1e99}}'):
        assert read_usage(odd) is None
    assert estimate(400, 40) == Tokens(100, 10, estimated=True)


class TestRoutes:
    ROUTES = {  # noqa: RUF012 - never changed
        "quick": Route("a", ("b", "c"), {"x": 1}),
        "a": Route("a", ("d",), {"x": 2, "y": 2}),
        "loop": Route("quick", ("loop",)),
    }

    def names(self, name: str) -> list[str]:
        return [candidate.model for candidate in plan(self.ROUTES, name)]

    def test_plans(self) -> None:
        assert self.names("z") == ["z"]
        assert self.names("quick") == ["a", "b", "c", "d"]
        assert self.names("a") == ["a", "d"]
        assert self.names("loop") == ["quick", "loop"], "an alias leads to models, not on to what they are aliases of"

    def test_defaults_of_the_alias_go_first(self) -> None:
        first, second, *_ = plan(self.ROUTES, "quick")
        assert first.defaults == {"x": 1, "y": 2}
        assert second.defaults == {"x": 1}


class TestTryingAgain:
    def test_pauses_grow_and_end(self) -> None:
        pauses = [wait_before(attempt, None, lambda: 1.0) for attempt in range(1, MOST_ATTEMPTS + 1)]
        assert pauses == [0.2, 0.4, None]
        assert wait_before(1, None, lambda: 0.0) == 0

    def test_what_the_upstream_asks_for_is_kept(self) -> None:
        assert wait_before(1, 2.5, lambda: 0.0) == 2.5
        assert wait_before(1, 30, lambda: 0.0) is None
        assert [read_retry_after(v) for v in (b"", b"2", b"0.5", b"-1", b"Wed, 21 Oct 2026 07:28:00 GMT")] == [
            None, 2, 0.5, 0, float("inf"),
        ]  # fmt: skip

    def test_tries_again_are_a_share(self) -> None:
        budget = Budget()
        spent = 0
        for _ in range(1000):
            budget.asked()
            spent += budget.spend()
        assert spent == pytest.approx(1000 * Budget.SHARE + Budget.MOST, abs=2)

    def test_a_breaker_opens_lets_one_through_and_closes(self) -> None:
        breaker = Breaker()
        for _ in range(Breaker.FAILURES):
            assert breaker.wait(0) == 0
            breaker.failed(0)
        assert breaker.wait(1) == Breaker.FIRST - 1
        assert breaker.wait(Breaker.FIRST) == 0, "one goes through"
        assert breaker.wait(Breaker.FIRST) == Breaker.PROBE, "and no other"
        breaker.failed(Breaker.FIRST)
        assert breaker.wait(Breaker.FIRST) == 2 * Breaker.FIRST
        assert breaker.wait(3 * Breaker.FIRST) == 0
        breaker.succeeded()
        assert [breaker.wait(3 * Breaker.FIRST) for _ in range(3)] == [0, 0, 0]

    def test_a_success_between_failures_is_enough(self) -> None:
        breaker = Breaker()
        for _ in range(10):
            breaker.failed(0)
            breaker.succeeded()
        assert breaker.wait(0) == 0


def test_rules_of_a_request() -> None:
    key = uuid4()
    ann = Caller(1, "u", "Ann", is_admin=False, api_key=key)
    limits = {
        (limit.kind, limit.subject): limit
        for limit in (
            UsageLimit(kind="each_user", tokens_per_day=5),
            UsageLimit(kind="user", subject="ann", requests_per_minute=1),
            UsageLimit(kind="api_key", subject=str(key), concurrent_requests=2),
            UsageLimit(kind="model", subject="m", tokens_per_minute=3),
        )
    }
    assert rules_of(limits, ann, "m") == (
        Rule("user:ann", "requests", 1), Rule(f"api_key:{key}", "concurrent", 2), Rule("model:m", "tokens", 3),
    )  # fmt: skip
    bob = Caller(2, "v", "bob", is_admin=False)
    assert rules_of(limits, bob, "n") == (Rule("user:bob", "day", 5),)

"""Clients made from toolchains, used against the running platform."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from tests.platform import Platform

TYPED: dict[str, Any] = {
    "id": "typed",
    "title": "Says \"hello\" */ '''",
    "input": {
        "type": "object",
        "additionalProperties": False,
        "required": ["word", "it's"],
        "properties": {
            "word": {"type": "string", "maxLength": 20},
            "times": {"type": "integer", "default": 2},
            "it's": {"enum": ["a'b", '"', 1]},
        },
    },
    "state": {"said": {"type": "string"}},
    "nodes": [
        {
            "id": "say",
            "kind": "function",
            "function": "isolate_question",
            "input": {"question": {"template": "{{ input.word }} × {{ input.times }}"}},
            "write": {"said": {"ref": "result.question"}},
        }
    ],
    "edges": [{"from": "start", "to": "say"}, {"from": "say", "to": "end"}],
    "output": {
        "said": {"ref": "state.said"},
        "question": {"ref": "nodes.say.question"},
        "times": {"ref": "input.times"},
    },
}


@pytest.fixture(scope="module")
def interface(platform: Platform) -> dict[str, Any]:
    platform.result("save_toolchain", {"toolchain": TYPED})
    return platform.result("fetch_toolchain_interface", {"toolchain_id": "typed"})


def python_client(interface: dict[str, Any]) -> dict[str, Any]:
    """The client's module."""
    module: dict[str, Any] = {"__name__": "client"}
    exec(compile(interface["python"], "client.py", "exec"), module)
    return module


def test_the_schemas(interface: dict[str, Any]) -> None:
    assert interface["input_schema"] == TYPED["input"]
    output = interface["output_schema"]
    assert output["required"] == ["said", "question", "times"]
    assert output["properties"]["said"] == {"type": "string"}
    assert output["properties"]["question"]["type"] == "string"
    assert output["properties"]["times"] == {"type": "integer", "default": 2}


def test_the_python_client_runs(platform: Platform, interface: dict[str, Any]) -> None:
    client = python_client(interface)
    output = client["run"]({"word": "hi", "it's": "a'b"}, api_key=platform.key, base_url=platform.url)
    assert output == {"said": "hi × 2", "question": "hi × 2", "times": 2}
    assert client["BASE_URL"] == platform.url, "it knows where it came from"


def test_the_python_client_tells_of_errors(platform: Platform, interface: dict[str, Any]) -> None:
    client = python_client(interface)
    with pytest.raises(client["RunFailed"], match=r"input\.word") as refused:
        client["run"]({"word": 5, "it's": 1}, api_key=platform.key, base_url=platform.url)
    assert refused.value.status == "refused"
    with pytest.raises(client["RunFailed"], match="key"):
        client["run"]({"word": "x", "it's": 1}, api_key="sk-wrong", base_url=platform.url)
    with pytest.raises(client["RunFailed"]):
        client["run"]({"word": "x", "it's": 1}, api_key=platform.key, base_url=f"{platform.url}/nowhere")
    with pytest.raises(OSError, match="refused"):
        client["run"]({"word": "x", "it's": 1}, api_key=platform.key, base_url="http://127.0.0.1:9")


def test_a_run_that_fails(platform: Platform) -> None:
    failing = TYPED | {"id": "failing", "output": {"x": {"ref": "nodes.say.question.deeper"}}}
    saved = platform.call("save_toolchain", {"toolchain": failing})
    assert saved.status_code == 200, saved.text
    client = python_client(platform.result("fetch_toolchain_interface", {"toolchain_id": "failing"}))
    with pytest.raises(client["RunFailed"]) as failed:
        client["run"]({"word": "x", "it's": 1}, api_key=platform.key, base_url=platform.url)
    assert failed.value.status == "failed"
    assert failed.value.error["type"] == "MissingReference"


def test_the_call_with_curl_is_one_word_of_shell_each(platform: Platform, interface: dict[str, Any]) -> None:
    words = shlex.split(interface["curl"].replace("$PENSTOCK_API_KEY", platform.key))
    assert words[:3] == ["curl", "-sS", f"{platform.url}/api/run_toolchain"]
    body, headers = words[words.index("-d") + 1], [words[n + 1] for n, word in enumerate(words) if word == "-H"]
    answer = platform.http.post(words[2], content=body, headers=dict(line.split(": ", 1) for line in headers))
    assert answer.status_code == 200, answer.text
    assert answer.json()["result"]["output"]["said"] == "text × 2"


def test_a_version_is_pinned_when_it_was_asked_for(platform: Platform, interface: dict[str, Any]) -> None:
    platform.result("save_toolchain", {"toolchain": TYPED | {"output": {"other": 1}}})
    pinned = platform.result("fetch_toolchain_interface", {"toolchain_id": "typed", "version": 1})
    assert pinned["version"] == 1
    given = {"word": "a", "it's": 1}
    assert "said" in python_client(pinned)["run"](given, api_key=platform.key, base_url=platform.url)
    free = python_client(interface)["run"](given, api_key=platform.key, base_url=platform.url)
    assert free == {"other": 1}, "without a pin it is what runs take by then"


def test_one_that_is_too_large(platform: Platform) -> None:
    many = {f"field{number}": {"type": "string", "description": "x" * 1000} for number in range(200)}
    output = {f"o{number}": {"ref": "input"} for number in range(2000)}
    large: dict[str, Any] = TYPED | {"id": "large", "state": {}, "nodes": [{"id": "say", "kind": "join"}]}
    large |= {"input": {"type": "object", "properties": many}, "output": output}
    platform.result("save_toolchain", {"toolchain": large})
    refused = platform.call("fetch_toolchain_interface", {"toolchain_id": "large"})
    assert (refused.status_code, refused.json()["error"]["type"]) == (422, "LimitReached")


def test_shipped_ones_have_one_too(platform: Platform) -> None:
    told = platform.result("fetch_toolchain_interface", {"toolchain_id": "rag"})
    assert told["output_schema"]["properties"]["answer"] == {"type": "string"}
    assert python_client(told)["Output"].__annotations__["answer"]
    assert "export async function run(" in told["typescript"]

"""What loads taught, and a file that somebody else wrote into."""

from __future__ import annotations

import json
import logging
import stat
from pathlib import Path

import pytest

from inference.runner import residuals
from inference.runner.residuals import Residuals


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "residuals.json"


def test_it_rises_at_once_and_sinks_by_half(path: Path) -> None:
    known = Residuals(path)
    assert known.of("vllm", "llama") == 0
    known.learn("vllm", "llama", estimated=1000, measured=900)
    assert known.of("vllm", "llama") == -100
    known.learn("vllm", "llama", estimated=1000, measured=1300)
    assert known.of("vllm", "llama") == 300
    known.learn("vllm", "llama", estimated=1000, measured=1100)
    assert known.of("vllm", "llama") == 200
    assert known.of("llamacpp", "llama") == 0


def test_it_is_kept(path: Path) -> None:
    Residuals(path).learn("vllm", "owner/llama", estimated=1, measured=5)
    assert Residuals(path).of("vllm", "owner/llama") == 4
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["residuals.json"]


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "[" * 100_000, '{"vllm": 7}', '{"vllm": {"a": "many", "b": 1e400, "c": true, "d": null}}'],
)
def test_garbage_is_nothing_known(path: Path, content: str) -> None:
    path.write_text(content)
    known = Residuals(path)
    assert known.of("vllm", "a") == 0
    known.learn("vllm", "a", estimated=1, measured=3)
    assert Residuals(path).of("vllm", "a") == 2


def test_what_makes_sense_beside_garbage_stays(path: Path) -> None:
    path.write_text(json.dumps({"vllm": {"a": 7, "b": [], "c": 1 << 60}, "x": None}))
    known = Residuals(path)
    assert [known.of("vllm", name) for name in "abc"] == [7, 0, 0]


def test_a_file_that_is_far_too_large(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with path.open("wb") as file:
        file.truncate(residuals.MAX_FILE_BYTES + 1)
    with caplog.at_level(logging.WARNING):
        assert Residuals(path).of("vllm", "a") == 0
    assert "larger than" in caplog.text


def test_a_folder_that_cannot_be_written_costs_only_the_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = Residuals(tmp_path / "gone" / "residuals.json")
    known.learn("vllm", "a", estimated=1, measured=3)
    assert known.of("vllm", "a") == 2
    assert "cannot be kept" in caplog.text


def test_there_are_not_ever_more(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(residuals, "MAX_ENTRIES", 2)
    known = Residuals(path)
    for name, measured in (("a", 1), ("b", 1), ("a", 2), ("c", 1)):
        known.learn("vllm", name, estimated=0, measured=measured)
    assert [known.of("vllm", name) for name in "abc"] == [2, 0, 1]

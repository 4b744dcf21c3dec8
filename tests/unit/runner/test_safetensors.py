"""The weights' file format, read from bytes written here by its specification."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.runner.engines.onnx.safetensors import NotSafetensors, read_floats


def _file(folder: Path, header: object, data: bytes) -> Path:
    text = json.dumps(header).encode()
    path = folder / "weights.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def _entry(**changes: Any) -> dict[str, Any]:
    return {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]} | changes


def test_reads_float_tensors_and_leaves_others_out(tmp_path: Path) -> None:
    values = np.arange(6, dtype="<f4")
    header = {
        "__metadata__": {"format": "pt"},
        "places": {"dtype": "I64", "shape": [1], "data_offsets": [24, 32]},
        "dense.weight": _entry(),
    }
    tensors = read_floats(_file(tmp_path, header, values.tobytes() + bytes(8)))
    assert list(tensors) == ["dense.weight"]
    assert tensors["dense.weight"].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_half_precision_is_widened(tmp_path: Path) -> None:
    values = np.array([1.5, -2, 0.25], np.float32)
    header = {
        "half": {"dtype": "F16", "shape": [3], "data_offsets": [0, 6]},
        "brain": {"dtype": "BF16", "shape": [3], "data_offsets": [6, 12]},
    }
    upper = (values.view(np.uint32) >> 16).astype(np.uint16)
    tensors = read_floats(_file(tmp_path, header, values.astype(np.float16).tobytes() + upper.tobytes()))
    assert {name: value.tolist() for name, value in tensors.items()} == dict.fromkeys(header, values.tolist())


@pytest.mark.parametrize(
    "entry",
    [
        _entry(shape=[2, 4]),
        _entry(data_offsets=[8, 32]),
        _entry(data_offsets=[24, 0]),
        _entry(shape="2"),
        _entry(data_offsets=[-24, 0]),
    ],
)
def test_a_tensor_that_does_not_fit_is_refused(tmp_path: Path, entry: dict[str, Any]) -> None:
    with pytest.raises(NotSafetensors, match=r"dense\.weight"):
        read_floats(_file(tmp_path, {"dense.weight": entry}, bytes(24)))


@pytest.mark.parametrize(
    "content", [b"", b"1234567", (1 << 40).to_bytes(8, "little") + b"{}", bytes([2, *bytes(7)]) + b"no"]
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(content)
    with pytest.raises(NotSafetensors):
        read_floats(path)


def test_a_header_that_is_no_object_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotSafetensors, match="not an object"):
        read_floats(_file(tmp_path, [1], b""))

"""models.yaml: what is added, and every fault at once with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.errors import Conflict, InvalidInput, NotFound, Unavailable
from inference.models.models import ModelEntry
from inference.runner import DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER
from inference.runner.additions import MAX_FILE_BYTES, Additions
from inference.runner.catalog import Catalog, Written, check_entry, make_catalog, read_file
from inference.runner.kinds import Spec, Unusable
from inference.runner.slots import Standing
from tests.tiny_models import write_cross_encoder, write_embedder

BUILT_IN = [DEFAULT_EMBEDDER, DEFAULT_CHAT_MODEL]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_embedder(folder / "tiny")
    write_cross_encoder(folder / "cross")
    return folder


def _read(folder: Path, text: str) -> Catalog:
    path = folder / "models.yaml"
    path.write_text(text)
    return make_catalog(read_file(path, required=True))


def _told(catalog: Catalog) -> dict[str, str]:
    return {fault.path: fault.message for fault in catalog.faults}


def test_without_a_file_there_are_the_built_in_models(tmp_path: Path) -> None:
    catalog = make_catalog(read_file(tmp_path / "models.yaml", required=False))
    assert (list(catalog.local), catalog.faults) == (BUILT_IN, ())
    known = catalog.embedder(DEFAULT_EMBEDDER)
    assert (known.dimensions, known.max_tokens, known.precision) == (384, 256, "int8")
    missing = make_catalog(read_file(tmp_path / "models.yaml", required=True))
    assert list(_told(missing)) == [str(tmp_path / "models.yaml")]


def test_models_are_added(folder: Path) -> None:
    catalog = _read(
        folder,
        """
        models:
          - {id: tiny, kind: embedding, engine: onnx, source: tiny, max_tokens: 32, query_prefix: "query: "}
          - {id: exact, kind: embedding, engine: onnx, source: all-MiniLM-L6-v2, dtype: fp32}
          - {id: cross, kind: rerank, engine: onnx, source: cross, engine_args: {threads: 1}}
          - {id: large, kind: embedding, engine: remote, source: text-embedding-3-large, dimensions: 3072}
        """,
    )
    assert catalog.faults == ()
    assert list(catalog.local) == [*BUILT_IN, "tiny", "exact", "cross"]
    tiny, exact, large = (catalog.embedder(name) for name in ("tiny", "exact", "large"))
    assert (tiny.dimensions, tiny.max_tokens, tiny.precision) == (48, 32, "fp32")
    assert (exact.dimensions, exact.precision, large.dimensions, large.precision) == (384, "fp32", 3072, "remote")
    assert exact.fingerprint != catalog.embedder(DEFAULT_EMBEDDER).fingerprint
    assert catalog.local["cross"].max_tokens == 64
    with pytest.raises(InvalidInput, match="kind is rerank"):
        catalog.embedder("cross")
    with pytest.raises(InvalidInput, match="kind is chat"):
        catalog.embedder(DEFAULT_CHAT_MODEL)
    with pytest.raises(InvalidInput, match="engine: remote"):
        catalog.embedder("openai/text-embedding-3-small")


def test_every_fault_is_told_with_its_place_and_the_rest_is_served(folder: Path) -> None:
    catalog = _read(
        folder,
        """
        settings: {}
        models:
          - {id: good, kind: embedding, engine: onnx, source: tiny}
          - {id: good, kind: embedding, engine: onnx, source: tiny}
          - {id: all-MiniLM-L6-v2, kind: embedding, engine: onnx, source: tiny}
          - {id: openai/mine, kind: chat, engine: remote, source: x}
          - {id: "-m", kind: embed, engine: none, colour: red}
          - {id: remote, kind: embedding, engine: remote, source: x, dtype: int8, engine_args: {a: 1}}
          - {id: missing, kind: embedding, engine: onnx, source: nowhere}
          - {id: wrong, kind: embedding, engine: onnx, source: all-MiniLM-L6-v2, pooling: cls, dimensions: 12}
          - 17
        """,
    )
    assert list(catalog.local) == [*BUILT_IN, "good"]
    assert list(_told(catalog)) == [
        "settings",
        "models[1].id",
        "models[2].id",
        "models[3].id",
        "models[4].id",
        "models[4].kind",
        "models[4].engine",
        "models[4].source",
        "models[4].colour",
        "models[5].dimensions",
        "models[5].dtype",
        "models[5].engine_args.a",
        "models[6].source",
        "models[7].dimensions",
        "models[7].pooling",
        "models[8]",
    ]
    with pytest.raises(NotFound, match=r"models\.yaml.*faults.*settings"):
        catalog.embedder("missing")


@pytest.mark.parametrize(
    "text", ["[", "- 1", "models: {}", "17", "models: [\x00]", "a: &a [*a]", "!!python/object:os.x {}"]
)
def test_a_file_that_is_none_is_a_fault(tmp_path: Path, text: str) -> None:
    catalog = _read(tmp_path, text)
    assert list(catalog.local) == BUILT_IN
    assert catalog.faults


def test_an_empty_file_is_fine(tmp_path: Path) -> None:
    assert _read(tmp_path, "").faults == _read(tmp_path, "models:\n").faults == ()


@pytest.mark.parametrize(
    ("engine", "adapter", "field", "words"),
    [
        ("onnx", "a", "lora", "`vllm` has"),
        ("remote", "a", "lora", "of their own"),
        ("vllm", "b", "lora[0].id", "already"),
        ("vllm", "tiny", "lora[0].id", "already"),
        ("vllm", "openai/a", "lora[0].id", "something else"),
    ],
)
def test_adapters_that_cannot_be_called_are_told(
    folder: Path, engine: str, adapter: str, field: str, words: str
) -> None:
    catalog = _read(
        folder,
        f"""
        models:
          - {{id: tiny, kind: embedding, engine: onnx, source: tiny}}
          - {{id: b, kind: chat, engine: {engine}, source: x, lora: [{{id: {adapter}, source: a}}]}}
        """,
    )
    assert words in _told(catalog)[f"models[1].{field}"]


def test_an_adapter_is_a_model_whose_name_nobody_else_can_have() -> None:
    entry = ModelEntry.model_validate(
        {"id": "base", "kind": "chat", "engine": "vllm", "source": "x", "lora": [{"id": "changed", "source": "y"}]}
    )
    catalog = Catalog({"base": Spec("base", "chat", "vllm", entry=entry)})
    assert "changed" in catalog
    assert (catalog.base("changed"), catalog.base("base"), catalog.base("other")) == ("base", "base", "other")
    with pytest.raises(Unusable, match="already"):
        check_entry(entry.model_copy(update={"id": "changed", "lora": []}), Path(), catalog)
    with pytest.raises(InvalidInput, match="is no embedder: its kind is chat"):
        catalog.embedder("changed")


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    additions = Additions(tmp_path / "added_models.yaml")
    entry = ModelEntry(id="m", kind="embedding", engine="onnx", source="x")
    additions.put([entry], [])
    with pytest.raises(Conflict, match="larger than 4 MiB"):
        additions.put([entry, entry.model_copy(update={"id": "n", "engine_args": {"x": "y" * MAX_FILE_BYTES}})], [])
    assert additions.models == [entry]
    assert Additions(additions.path).models == [entry]


BROKEN: dict[str, str] = {
    "changes: [{model: extractive, prioriy: 5}]": "added_models.yaml.changes[0].prioriy",
    "changes: [{model: extractive, priority: null}]": "added_models.yaml.changes[0].priority",
    "changes: [{model: extractive}, {model: extractive, pin: null}]": "added_models.yaml.changes[1].pin",
    "changes: [{model: extractive, priority: 101}]": "added_models.yaml.changes[0].priority",
    "changes: [{pin: true}]": "added_models.yaml.changes[0].model",
    f"changes: [{{model: {'x' * 201}}}]": "added_models.yaml.changes[0].model",
    "changes: [5]": "added_models.yaml.changes[0]",
    "changes: {model: extractive}": "added_models.yaml.changes",
    "changes:" + "\n- {model: extractive}" * 501: "added_models.yaml.changes",
    f"changes: [{{model: extractive, {'x' * 1000}: 1}}]": f"added_models.yaml.changes[0].{'x' * 271}",
}
UNREADABLE = (
    "changes: [{model: extractive, pin: !!bool maybe}]",
    "changes: [{model: extractive, priority: !!int ''}]",
    "changes: [{model: !!timestamp extractive}]",
    "changes: [{model: *nobody}]",
    "[" * 5000,
    "\0",
    "x: !!python/object/apply:os.getpid []",
    "#" * (MAX_FILE_BYTES + 1),
)


@pytest.mark.parametrize("text", [*BROKEN, *UNREADABLE], ids=lambda text: text[:50])
def test_a_broken_file_of_additions_is_told_of_and_kept_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "added_models.yaml"
    path.write_text(text)
    additions = Additions(path)
    catalog = make_catalog(Written(tmp_path / "models.yaml"), additions)
    assert [fault.path for fault in catalog.faults] == [BROKEN.get(text, str(path))]
    assert "extractive" in catalog
    assert catalog.standing("extractive") == Standing()
    with pytest.raises(Unavailable, match="mend it or take it away"):
        additions.put([], [])
    assert path.read_text() == text


def test_of_very_many_faults_the_first_are_told(tmp_path: Path) -> None:
    path = tmp_path / "added_models.yaml"
    path.write_text("changes: [{model: extractive, " + ", ".join(f"x{number}: 1" for number in range(1000)) + "}]")
    faults = Additions(path).faults
    assert len(faults) == 21
    assert faults[-1].message == "there are 980 more faults"


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:50])
def test_a_file_of_models_that_is_no_yaml_is_told_of(tmp_path: Path, text: str) -> None:
    path = tmp_path / "models.yaml"
    path.write_text(text)
    assert [fault.path for fault in make_catalog(read_file(path, required=True)).faults] == [str(path)]

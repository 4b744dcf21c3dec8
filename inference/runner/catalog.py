"""The models that are known by name: the built-in ones, and those of models.yaml, read and checked at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from inference.errors import InvalidInput, NotFound
from inference.models.common import Fault
from inference.models.models import ModelChange, ModelEntry
from inference.runner import DEFAULT_CHAT_MODEL, Embedder
from inference.runner.engines.onnx.kind import spec_of
from inference.runner.engines.onnx.model import fingerprint
from inference.runner.engines.onnx.published import published
from inference.runner.kinds import Spec, Unusable, kind_of
from inference.runner.slots import Standing
from inference.runner.written import Unreadable, faults_of, path_of, read_yaml

if TYPE_CHECKING:
    from inference.runner.additions import Additions

FILE_NAME = "models.yaml"
MAX_FILE_BYTES = 1 << 20
MAX_ENTRIES = 500  # as ModelFile in schemas/models.yaml
TAKEN_PREFIXES = ("openai/", "toolchain/")
REMOTE_MAX_TOKENS = 512  # what nearly every embedder reads


@dataclass(frozen=True, slots=True)
class Catalog:
    """Local models and those of a provider by their ids, how each stands, and what is wrong in the files."""

    local: Mapping[str, Spec] = field(default_factory=dict[str, Spec])
    remote: Mapping[str, ModelEntry] = field(default_factory=dict[str, ModelEntry])
    faults: tuple[Fault, ...] = ()
    added: frozenset[str] = frozenset()
    changes: Mapping[str, ModelChange] = field(default_factory=dict[str, ModelChange])

    def __contains__(self, model: object) -> bool:
        return model in self.local or model in self.remote or model in self.adapters

    @property
    def adapters(self) -> dict[str, str]:
        """The models of this machine that are another one with an adapter, by their ids: which one."""
        return {adapter.id: model for model, spec in self.local.items() if spec.entry for adapter in spec.entry.lora}

    def base(self, model: str) -> str:
        """The model whose engine answers for this one: of an adapter another, else itself."""
        return self.adapters.get(model, model)

    def standing(self, model: str) -> Standing:
        """How a model of this machine is treated: as its entry says, and then `modify_model`."""
        entry = self.local[model].entry
        standing = Standing(added=model in self.added)
        if entry:
            devices = frozenset(entry.devices) or None
            standing = replace(
                standing, pin=entry.pin, ttl_seconds=entry.ttl_seconds, priority=entry.priority, sleep=entry.sleep,
                devices=devices,
            )  # fmt: skip
        if change := self.changes.get(model):
            told = change.model_dump(exclude={"model"}, exclude_unset=True)
            standing = replace(standing, **told)
        return standing

    def standings(self) -> dict[str, tuple[Spec, Standing]]:
        """All models of this machine, for the pool."""
        return {model: (spec, self.standing(model)) for model, spec in self.local.items()}

    def embedder(self, model: str) -> Embedder:
        """Raises NotFound, or InvalidInput where the model embeds nothing, or nobody has told how."""
        if spec := self.local.get(self.base(model)):
            if spec.embedder:
                return spec.embedder
            raise InvalidInput(f"{model} is no embedder: its kind is {spec.kind}.", field="model")
        if entry := self.remote.get(model):
            if entry.kind == "embedding":
                return _remote_embedder(entry)
            raise InvalidInput(f"{model} is no embedder: its kind is {entry.kind}.", field="model")
        if model.startswith("openai/"):
            raise InvalidInput(
                f"Nothing is known of the vectors of {model}. Describe it in {FILE_NAME}, with `engine: remote` and "
                "its `dimensions`, and use the id that you give it there.",
                field="model",
            )
        raise self.unknown(model)

    def unknown(self, model: str) -> NotFound:
        """The error for a model that is not here; what is wrong in models.yaml may be why."""
        told = "".join(f" {fault.path}: {fault.message}." for fault in self.faults[:3])
        return NotFound(
            f"There is no model {model!r}. fetch_models lists those of this machine; a provider's model is named "
            f"openai/<model>; embedders and rerankers are added in {FILE_NAME}.{told and ' It has faults:'}{told}",
            field="model",
        )


def builtin() -> dict[str, Spec]:
    """The models that are always there."""
    embedder = spec_of(
        published(),
        "Sentence embeddings on the CPU: 384 numbers for up to 256 tokens of English text, in 8-bit integers.",
    )
    extractive = Spec(
        id=DEFAULT_CHAT_MODEL,
        kind="chat",
        engine="extractive",
        description="Answers by quoting the sentences of your documents that fit the question. It invents nothing.",
    )
    return {spec.id: spec for spec in (embedder, extractive)}


@dataclass(frozen=True, slots=True)
class Written:
    """models.yaml as it was read: its entries, unchecked, and what keeps them from being read."""

    path: Path
    entries: Sequence[Any] = ()
    faults: tuple[Fault, ...] = ()


def read_file(path: Path, *, required: bool) -> Written:
    """`required`: it must be there."""
    faults: list[Fault] = []
    entries = _entries(path, faults) if required or path.exists() else []
    return Written(path, entries, tuple(faults))


def make_catalog(written: Written, additions: Additions | None = None) -> Catalog:
    """The built-in models, those of the file and those that were added, whose own files are looked at.

    A faulty entry is left out; the faults of all are told together.
    """
    reading = _Reading(builtin())
    reading.faults += written.faults
    reading.take(written.entries, written.path.parent, "models")
    if additions is None:
        return Catalog(reading.local, reading.remote, tuple(reading.faults))
    there = {*reading.local, *reading.remote}
    reading.faults += additions.faults
    reading.take([entry.model_dump() for entry in additions.models], additions.path.parent, "added_models")
    added = frozenset(({*reading.local, *reading.remote}) - there)
    changes = {change.model: change for change in additions.changes}
    return Catalog(reading.local, reading.remote, tuple(reading.faults), added, changes)


def check_entry(entry: ModelEntry, folder: Path, catalog: Catalog) -> Spec | None:
    """The spec that an entry makes beside what is there; None for a provider's. Raises Unusable."""
    _check_names(entry, catalog)
    if entry.engine == "remote":
        _check_remote(entry)
        return None
    kind = kind_of(entry.engine)
    if entry.lora and not kind.adapters:
        raise Unusable(("lora", f"`{entry.engine}` has no adapters that are called by name; `vllm` has"))
    return kind.read(entry, folder)


class _Reading:
    """A catalogue in the making."""

    def __init__(self, local: dict[str, Spec]) -> None:
        self.local, self.remote, self.faults = local, dict[str, ModelEntry](), list[Fault]()

    def take(self, entries: Sequence[Any], folder: Path, name: str) -> None:
        for place, given in enumerate(entries):
            where = f"{name}[{place}]"
            try:
                entry = ModelEntry.model_validate(given)
                spec = check_entry(entry, folder, Catalog(self.local, self.remote))
            except ValidationError as error:
                self.faults += faults_of(error, where)
            except Unusable as error:
                self.faults += [Fault(path=path_of(where, name), message=message) for name, message in error.faults]
            else:
                if spec:
                    self.local[entry.id] = spec
                else:
                    self.remote[entry.id] = entry


def _entries(path: Path, faults: list[Fault]) -> list[Any]:
    """The list under `models`; what keeps it from being read is added to the faults."""
    try:
        found = read_yaml(path, MAX_FILE_BYTES)
    except Unreadable as error:
        faults.append(Fault(path=str(path), message=str(error)))
        return []
    content = cast("dict[object, Any]", found) if isinstance(found, dict) else {}
    entries: Any = content.get("models")
    if entries is None:
        entries = []
    if found is not None and (not isinstance(found, dict) or not isinstance(entries, list)):
        faults.append(Fault(path=str(path), message="it must be a mapping with a list under `models`"))
        return []
    faults += [Fault(path=str(key), message="there is no such key") for key in content if key != "models"]
    listed = cast("list[Any]", entries)
    if len(listed) > MAX_ENTRIES:
        faults.append(Fault(path="models", message=f"at most {MAX_ENTRIES} models are taken, not {len(listed)}"))
    return listed[:MAX_ENTRIES]


def _check_names(entry: ModelEntry, catalog: Catalog) -> None:
    """Its own and those of its adapters. Raises Unusable."""
    taken = {*catalog.local, *catalog.remote, *catalog.adapters}
    adapters = [(f"lora[{place}].id", adapter.id) for place, adapter in enumerate(entry.lora)]
    for field_, name in [("id", entry.id), *adapters]:
        if name in taken:
            raise Unusable((field_, f"{name!r} is there already"))
        if name.startswith(TAKEN_PREFIXES):
            raise Unusable((field_, f"names that begin with {' or '.join(TAKEN_PREFIXES)} mean something else"))
        taken.add(name)


def _check_remote(entry: ModelEntry) -> None:
    """Raises Unusable."""
    faults: list[tuple[str, str]] = []
    if entry.kind == "embedding" and entry.dimensions is None:
        faults.append(("dimensions", "an embedder of a provider must tell the length of its vectors"))
    if entry.dtype == "int8":
        faults.append(("dtype", "a provider's model computes as it likes"))
    if entry.lora:
        faults.append(("lora", "a provider's adapters are models of their own: give each an entry"))
    faults += [(f"engine_args.{name}", "`remote` takes none") for name in entry.engine_args]
    if faults:
        raise Unusable(*faults)


def _remote_embedder(entry: ModelEntry) -> Embedder:
    dimensions = entry.dimensions or 0
    return Embedder(
        id=entry.id,
        dimensions=dimensions,
        max_tokens=entry.max_tokens or REMOTE_MAX_TOKENS,
        precision="remote",
        fingerprint=fingerprint(entry.source, dimensions, entry.query_prefix, entry.passage_prefix),
        query_prefix=entry.query_prefix,
        passage_prefix=entry.passage_prefix,
    )

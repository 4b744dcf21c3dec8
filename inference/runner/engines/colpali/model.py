"""Vectors of pages and queries out of a model of late interaction."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from inference.runner.engines.serving import LoadFailed
from inference.runner.engines.torch_model import TorchModel, device_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from inference.runner.engines.colpali.maxsim import Vectors

BATCH = 4  # pages at once


class Pages:
    """One model, loaded, for one thread at a time."""

    def __init__(self, told: TorchModel, architecture: str) -> None:
        """Raises LoadFailed."""
        self._torch: Any = import_module("torch")
        library: Any = import_module("transformers")
        options = {"local_files_only": True, "trust_remote_code": False}
        self._device = device_of(self._torch, told)
        try:
            self._processor: Any = library.AutoProcessor.from_pretrained(told.folder, **options)
            self._model: Any = getattr(library, architecture).from_pretrained(
                told.folder, dtype="auto", use_safetensors=True, **options
            )
        except (OSError, ValueError, KeyError, AttributeError, ImportError) as error:
            raise LoadFailed(f"transformers cannot load {told.folder}: {error}") from error
        self._model.to(self._device).eval()

    def vectors(self, items: Sequence[str | Image]) -> list[Vectors]:
        """In the order of `items`, each of shape (parts, dimensions), float32, of length 1."""
        found: dict[int, Vectors] = {}
        for texts in (True, False):
            places = [place for place, item in enumerate(items) if isinstance(item, str) is texts]
            for start in range(0, len(places), BATCH):
                some = places[start : start + BATCH]
                rows = self._run([items[place] for place in some], texts=texts)
                found |= dict(zip(some, rows, strict=True))
        return [found[place] for place in range(len(items))]

    def _run(self, items: list[str | Image], *, texts: bool) -> list[Vectors]:
        prepare = self._processor.process_queries if texts else self._processor.process_images
        given = prepare(text=items) if texts else prepare(images=items)
        given.pop("labels", None)
        given = given.to(self._device)
        with self._torch.inference_mode():
            embeddings = self._model(**given).embeddings.float().cpu().numpy()
        masks = given["attention_mask"].bool().cpu().numpy()  # what only fills a batch up is no part
        return [
            np.ascontiguousarray(rows[mask], dtype=np.float32) for rows, mask in zip(embeddings, masks, strict=True)
        ]

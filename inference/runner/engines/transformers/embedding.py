"""Vectors out of an encoder, or out of a language model's last layer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

from inference.runner.engines.embeddings import InputType
from inference.runner.engines.serving import LoadFailed
from inference.runner.engines.torch_model import TorchModel, device_of

BATCH = 16  # texts


class TorchEmbedder:
    """`Embedder` by the mean, or the first, of the last layer's vectors, in 32-bit floats."""

    def __init__(self, model: TorchModel) -> None:
        """Raises LoadFailed."""
        self._torch: Any = import_module("torch")
        library: Any = import_module("transformers")
        told = {"local_files_only": True, "trust_remote_code": False}
        self._device = device_of(self._torch, model)
        try:
            self._tokenizer: Any = library.AutoTokenizer.from_pretrained(model.folder, **told)
            self._model: Any = library.AutoModel.from_pretrained(
                model.folder, dtype=self._torch.float32, use_safetensors=True, **told
            )
        except (OSError, ValueError, KeyError, AttributeError, ImportError) as error:
            raise LoadFailed(f"transformers cannot load {model.folder}: {error}") from error
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._tokenizer.padding_side = "right"
        self._model.to(self._device).eval()
        self._told = model
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="model")
        self.model = model.id
        self.dimensions: int = self._model.config.get_text_config().hidden_size

    async def embed(self, texts: Sequence[str], input_type: InputType, caller: str) -> tuple[list[bytes], int]:
        prefix = {"query": self._told.query_prefix, "passage": self._told.passage_prefix}.get(input_type or "", "")
        loop = asyncio.get_running_loop()
        rows: list[bytes] = []
        tokens = 0
        for start in range(0, len(texts), BATCH):  # batch by batch, so that others get their turn
            some = [prefix + text for text in texts[start : start + BATCH]]
            found, read = await loop.run_in_executor(self._thread, self._run, some)
            rows += found
            tokens += read
        return rows, tokens

    def _run(self, texts: list[str]) -> tuple[list[bytes], int]:
        torch = self._torch
        given = self._tokenizer(
            texts, return_tensors="pt", padding=True, truncation=True, max_length=self._told.context
        ).to(self._device)
        mask = given["attention_mask"]
        with torch.inference_mode():
            hidden = self._model(input_ids=given["input_ids"], attention_mask=mask).last_hidden_state
        if self._told.pooling == "cls":
            pooled = hidden[:, 0]
        else:
            pooled = (hidden * mask.unsqueeze(-1)).sum(dim=1) / mask.sum(dim=1, keepdim=True)
        if self._told.normalise:
            pooled = torch.nn.functional.normalize(pooled, dim=-1)
        return [row.tobytes() for row in pooled.cpu().numpy()], int(mask.sum())

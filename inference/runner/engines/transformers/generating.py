"""Text out of a causal language model, a piece at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from inference.runner.engines.serving import LoadFailed, Refusal
from inference.runner.engines.torch_model import TorchModel, device_of

_UNFINISHED = "\ufffd"  # what the bytes of a character that is not complete decode to


@dataclass(frozen=True, slots=True)
class Sampling:
    """`limit`: tokens at most; `temperature` 0 takes the likeliest token; any of `stop` ends the text before it."""

    limit: int
    temperature: float = 1.0
    top_p: float = 1.0
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    reason: str
    tokens: int


class Pieces:
    """What `generate` of transformers calls a streamer: tokens in, pieces of text out, each given to `say` once nothing
    that follows can change it. `stopped` says that there is enough."""

    def __init__(self, decode: Callable[[list[int]], str], stop: Sequence[str], say: Callable[[str], None]) -> None:
        self._decode = decode
        self._stop = [text for text in stop if text]
        self._say = say
        self._prompt = True
        self._ids: list[int] = []
        self._context = self._read = 0  # a token's text may depend on those just before it
        self._held = ""  # the beginning of a stop text, perhaps
        self.stopped = False

    @property
    def tokens(self) -> int:
        return len(self._ids)

    def put(self, value: Any) -> None:
        """The prompt's tokens come first; then one at a time."""
        if self._prompt:
            self._prompt = False
            return
        self._ids += value.reshape(-1).tolist()
        before = self._decode(self._ids[self._context : self._read])
        text = self._decode(self._ids[self._context :])
        if len(text) > len(before) and not text.endswith(_UNFINISHED):
            self._context, self._read = self._read, len(self._ids)
            self._add(text[len(before) :])

    def end(self) -> None:
        """What is held back belongs to the text after all; of a character that never came to its end, nothing."""
        if not self.stopped and self._held:
            self._say(self._held)
            self._held = ""

    def _add(self, text: str) -> None:
        if self.stopped:
            return
        self._held += text
        places = [place for one in self._stop if (place := self._held.find(one)) >= 0]
        if places:
            self.stopped = True
            self._held = self._held[: min(places)]
            if self._held:
                self._say(self._held)
            return
        keep = max((_overlap(self._held, one) for one in self._stop), default=0)
        ready = self._held[: len(self._held) - keep]
        if ready:
            self._say(ready)
        self._held = self._held[len(ready) :]


def _overlap(text: str, stop: str) -> int:
    """How many characters at the end of `text` begin `stop`."""
    return next((size for size in range(min(len(text), len(stop) - 1), 0, -1) if text.endswith(stop[:size])), 0)


class Generator:
    """A causal language model, loaded. One text at a time: whoever calls `write` from several threads waits."""

    def __init__(self, model: TorchModel) -> None:
        """Raises LoadFailed."""
        self._torch: Any = import_module("torch")
        library: Any = import_module("transformers")
        told = {"local_files_only": True, "trust_remote_code": False}
        self._device = device_of(self._torch, model)
        try:
            self._tokenizer: Any = library.AutoTokenizer.from_pretrained(model.folder, **told)
            self._model: Any = library.AutoModelForCausalLM.from_pretrained(
                model.folder, dtype="auto", use_safetensors=True, **told
            )
        except (OSError, ValueError, KeyError, AttributeError, ImportError) as error:
            raise LoadFailed(f"transformers cannot load {model.folder}: {error}") from error
        if not self._tokenizer.chat_template:
            raise LoadFailed(f"the tokenizer in {model.folder} has no chat template, without which it cannot chat")
        self._model.to(self._device).eval()
        self.context = model.context
        self._lock = threading.Lock()

    def encode(self, messages: list[dict[str, str]]) -> Any:
        """The prompt's tokens, as a tensor of shape (1, length). Raises Refusal."""
        try:
            encoded = self._tokenizer.apply_chat_template(
                messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
        except Exception as error:  # the template is the model's, and may raise what it likes
            raise Refusal(
                400, f"The model's chat template cannot take these messages: {error}", param="messages"
            ) from None
        return encoded["input_ids"]

    def write(self, ids: Any, sampling: Sampling, say: Callable[[str], None], gone: Callable[[], bool]) -> Ending:
        """Gives the text to `say` piece by piece, until it ends or `gone` says that nobody listens."""
        pieces = Pieces(self._decode, sampling.stop, say)
        chosen: dict[str, Any] = {"do_sample": False}
        if sampling.temperature > 0:
            chosen = {"do_sample": True, "temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": 0}

        def enough(ids: Any, _scores: Any, **_more: Any) -> Any:
            done = pieces.stopped or gone()
            return self._torch.full((ids.shape[0],), done, dtype=self._torch.bool, device=ids.device)

        with self._lock, self._torch.inference_mode():
            if sampling.seed is not None:
                self._torch.manual_seed(sampling.seed)
            ids = ids.to(self._device)
            self._model.generate(
                ids,
                attention_mask=self._torch.ones_like(ids),
                max_new_tokens=sampling.limit,
                streamer=pieces,
                stopping_criteria=[enough],
                pad_token_id=self._tokenizer.eos_token_id,
                **chosen,
            )
        return Ending("stop" if pieces.stopped or pieces.tokens < sampling.limit else "length", pieces.tokens)

    def _decode(self, ids: list[int]) -> str:
        return self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)

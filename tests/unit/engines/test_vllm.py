"""vLLM as a kind of engine: entries, command lines and endings, without vLLM. The real one: tests/vllm."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from inference.models.models import ModelEntry
from inference.runner.engines.vllm.guard.penstock_guard import Guard
from inference.runner.engines.vllm.kind import KIND
from inference.runner.kinds import Ask, Failure, Launch, Program, Spec, Unusable
from inference.runner.policy import Way
from tests.tiny_llama import CONTEXT, HIDDEN, write_adapter, write_folder

MIB = 1 << 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_folder(folder / "tiny")
    write_adapter(folder / "adapter", rank=12)
    (folder / "template.jinja").write_text("{{ messages }}")
    (folder / "environment/bin").mkdir(parents=True)
    (folder / "environment/bin/vllm").touch()
    return folder


@pytest.fixture(autouse=True)
def vllm(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that looks like one of vLLM for GPUs."""
    monkeypatch.setenv("PENSTOCK_VLLM", str(folder / "environment"))
    return folder / "environment/bin/vllm"


@pytest.fixture
def on_cpu(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for the CPU."""
    environment = folder / "cpu-environment"
    (environment / "lib/python3.12/site-packages/vllm-0.32.0+cpu.dist-info").mkdir(parents=True, exist_ok=True)
    (environment / "bin").mkdir(exist_ok=True)
    (environment / "bin/vllm").touch()
    monkeypatch.setenv("PENSTOCK_VLLM", str(environment / "bin/vllm"))


def _entry(**more: Any) -> ModelEntry:
    return ModelEntry.model_validate({"id": "m", "kind": "chat", "engine": "vllm", "source": "tiny", **more})


def _faults(folder: Path, **more: Any) -> dict[str, str]:
    with pytest.raises(Unusable) as caught:
        KIND.read(_entry(**more), folder)
    return dict(caught.value.faults)


def _launched(spec: Spec, *devices: str, context: int | None = None, each: int = 0) -> Program:
    return KIND.program(Launch(spec, devices, each, context, 4711, "secret", Path("/home/penstock"), "", ""))


def test_an_entry_becomes_a_command_line(folder: Path, vllm: Path) -> None:
    spec = KIND.read(_entry(), folder)
    assert (spec.context, spec.max_tokens, spec.embedder) == (CONTEXT, None, None)
    program = _launched(spec, "gpu1")
    assert program.argv[:4] == (str(vllm), "serve", str(folder / "tiny"), "--served-model-name=m")
    # 16 384 tokens × 2 layers × 2 vectors × 4 heads × 32 numbers × 2 bytes
    assert {"--host=127.0.0.1", "--port=4711", f"--max-model-len={CONTEXT}"} < set(program.argv)
    assert f"--kv-cache-memory-bytes={16_384 * 2 * 2 * 4 * 32 * 2}" in program.argv
    assert "secret" not in " ".join(program.argv)
    assert program.environment["VLLM_API_KEY"] == "secret"
    assert program.environment["CUDA_VISIBLE_DEVICES"] == "1"
    assert program.environment["VLLM_CACHE_ROOT"] == "/home/penstock/cache/vllm"
    assert "VLLM_SERVER_DEV_MODE" not in program.environment
    assert (program.speaks, program.model) == (False, "m")


def test_arguments_adapters_and_sleep_are_passed_on(folder: Path) -> None:
    arguments = {
        "enforce_eager": True,
        "enable_prefix_caching": False,
        "dtype": "bfloat16",
        "max_logprobs": 5,
        "chat_template": "template.jinja",
        "limit_mm_per_prompt": {"image": 2},
        "tensor_parallel_size": 2,
    }
    entry = _entry(
        engine_args=arguments,
        lora=[{"id": "m/pirate", "source": "adapter"}],
        limits={"requests": 7, "load_seconds": 33},
        sleep=1,
    )
    spec = KIND.read(entry, folder)
    assert spec.load_timeout == 33
    program = _launched(spec, "gpu0", "gpu2", context=512)
    assert {
        "--enforce-eager",
        "--no-enable-prefix-caching",
        "--dtype=bfloat16",
        "--max-logprobs=5",
        f"--chat-template={folder / 'template.jinja'}",
        '--limit-mm-per-prompt={"image": 2}',
        "--tensor-parallel-size=2",
        "--max-model-len=512",
        "--max-num-seqs=7",
        "--enable-sleep-mode",
        "--enable-lora",
        "--max-lora-rank=16",
    } < set(program.argv)
    module = program.argv[program.argv.index("--lora-modules") + 1]
    assert json.loads(module) == {"name": "m/pirate", "path": str(folder / "adapter")}
    assert program.environment["CUDA_VISIBLE_DEVICES"] == "0,2"
    assert program.environment["VLLM_SERVER_DEV_MODE"] == "1"


def test_an_embedder_is_known_before_it_is_loaded(folder: Path) -> None:
    entry = _entry(kind="embedding", query_prefix="query: ", pooling="cls", max_tokens=300)
    spec = KIND.read(entry, folder)
    assert (spec.dimensions, spec.max_tokens) == (HIDDEN, 300)
    assert spec.embedder is not None
    assert (spec.embedder.precision, spec.embedder.query_prefix) == ("remote", "query: ")
    assert spec.embedder.tokenizer == str(folder / "tiny/tokenizer.json")
    argv = _launched(spec, "gpu0").argv
    assert {"--runner=pooling", '--pooler-config={"pooling_type": "CLS"}'} < set(argv)
    other = KIND.read(_entry(kind="embedding", query_prefix="query: ", max_tokens=300), folder)
    assert other.embedder is not None
    assert other.embedder.fingerprint != spec.embedder.fingerprint


def test_layouts_are_one_for_each_number_of_gpus_that_share_its_heads(folder: Path) -> None:
    spec = KIND.read(_entry(), folder)
    ways = KIND.ways(spec, None, 100 * MIB)
    assert [(way.kind, way.count) for way in ways] == [("gpu", 1), ("gpu", 2), ("gpu", 4), ("gpu", 8)]
    assert KIND.ways(spec, None, 0)[0].each == ways[0].each - 100 * MIB
    fixed = KIND.read(_entry(engine_args={"tensor_parallel_size": 2}), folder)
    assert [way.count for way in KIND.ways(fixed, None, 0)] == [2]


@pytest.mark.usefixtures("on_cpu")
def test_a_vllm_for_the_cpu_runs_there_and_does_not_sleep(folder: Path) -> None:
    (way,) = KIND.ways(KIND.read(_entry(), folder), None, 0)
    assert (way.kind, way.count) == ("cpu", 1)
    assert "built for the CPU" in _faults(folder, sleep=1)["sleep"]


def test_with_memory_mb_the_cache_fills_what_is_given(folder: Path) -> None:
    spec = KIND.read(_entry(memory_mb=3000), folder)
    ways = KIND.ways(spec, None, 500 * MIB)
    assert [way.each for way in ways] == [3000 * MIB] * 4
    small = _cache(_launched(KIND.read(_entry(), folder), "gpu0", each=0))
    large = _cache(_launched(spec, "gpu0", each=3000 * MIB))
    assert large - small == 3000 * MIB - KIND.ways(KIND.read(_entry(), folder), None, 0)[0].each


def test_an_unknown_architecture_is_served_with_memory_mb(folder: Path) -> None:
    strange = folder / "strange"
    if not strange.exists():
        write_folder(strange)
        (strange / "config.json").write_text(json.dumps({"model_type": "strange", "max_position_embeddings": 4096}))
    assert "memory_mb" in _faults(folder, source="strange")["source"]
    spec = KIND.read(_entry(source="strange", memory_mb=4096), folder)
    assert KIND.ways(spec, None, 0)[0] == Way("gpu", 1, 4096 * MIB)
    weights = (strange / "model.safetensors").stat().st_size
    assert _cache(_launched(spec, "gpu0", each=4096 * MIB)) == 4096 * MIB - weights - 1024 * MIB
    assert KIND.smaller(spec, None, 4096 * MIB) == 2048


def _cache(program: Program) -> int:
    (argument,) = [one for one in program.argv if one.startswith("--kv-cache-memory-bytes=")]
    return int(argument.partition("=")[2])


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"source": "nowhere"}, "source", "no folder"),
        ({"source": "adapter"}, "source", "config.json"),
        ({"kind": "multi_vector"}, "kind", "colpali"),
        ({"engine_args": {"trust_remote_code": True}}, "engine_args.trust_remote_code", "takes"),
        ({"engine_args": {"host": "0.0.0.0"}}, "engine_args.host", "takes"),
        ({"engine_args": {"dtype": "--trust-remote-code"}}, "engine_args.dtype", "a short text"),
        ({"engine_args": {"dtype": "auto\n"}}, "engine_args.dtype", "a short text"),
        ({"engine_args": {"max_logprobs": True}}, "engine_args.max_logprobs", "a whole number"),
        ({"engine_args": {"max_logprobs": -1}}, "engine_args.max_logprobs", "a whole number"),
        ({"engine_args": {"enforce_eager": 1}}, "engine_args.enforce_eager", "true or false"),
        ({"engine_args": {"mm_processor_cache_gb": "4"}}, "engine_args.mm_processor_cache_gb", "a number"),
        ({"engine_args": {"hf_overrides": "x"}}, "engine_args.hf_overrides", "a mapping"),
        ({"engine_args": {"chat_template": "gone.jinja"}}, "engine_args.chat_template", "no file"),
        ({"lora": [{"id": "a", "source": "tiny"}]}, "lora[0].source", "adapter_model.safetensors"),
        ({"lora": [{"id": "a", "source": "adapter"}], "kind": "embedding"}, "lora", "chat"),
        ({"context": CONTEXT + 1}, "context", "places for 1024"),
        ({"memory_mb": 900}, "memory_mb", "give it more"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, more: dict[str, Any], field: str, words: str) -> None:
    assert words in _faults(folder, **more)[field]


def test_where_vllm_is_missing_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_VLLM", str(folder / "tiny"))
    assert "PENSTOCK_VLLM" in _faults(folder)["engine"]
    monkeypatch.delenv("PENSTOCK_VLLM")
    monkeypatch.setenv("PATH", str(folder / "environment/bin"))  # there, and not to be executed
    assert "Install vLLM" in _faults(folder)["engine"]


# Lines of vLLM 0.32.0.
_KV_TOO_SMALL = """\
(EngineCore pid=9) ERROR 11-27 19:59:51 [core.py:1290] EngineCore failed to start.
(EngineCore pid=9) ERROR 11-27 19:59:51 [core.py:1290] Traceback (most recent call last):
(EngineCore pid=9) ERROR 11-27 19:59:51 [core.py:1290] ValueError: To serve at least one request with the model's max \
seq len (1024), 1.0 GiB KV cache is needed, which is larger than the available KV cache memory (0.2 GiB).
(APIServer pid=8) RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}"""
_SLEEP = """\
(APIServer pid=8) WARNING 11-27 19:31:16 [system_utils.py:255] This can cause fd limit errors like `OSError: [Errno 24]`
pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig
  Value error, Sleep mode is not supported on current platform. [type=value_error]"""
_CUDA = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79 GiB"


@pytest.mark.parametrize(
    ("log", "ending", "memory", "words"),
    [
        (_KV_TOO_SMALL, "ended with status 1", True, "status 1: ValueError: To serve at least one request"),
        (_CUDA, "ended with status 1", True, "status 1: OutOfMemoryError: CUDA out of memory"),
        (_SLEEP, "ended with status 1", False, "status 1: Value error, Sleep mode is not supported"),
        ("vllm serve: error: argument --tool-call-parser: x", "ended with status 2", False, "error: argument --tool"),
        ("nothing in particular", "was killed by SIGKILL", True, "its process was killed by SIGKILL"),
        ("", "was not ready after 900 s", False, "was not ready after 900 s"),
    ],
)
def test_endings_are_explained(log: str, ending: str, memory: bool, words: str) -> None:
    failure = KIND.explain(log.splitlines(), ending)
    assert failure == Failure(memory, failure.words)
    assert words in failure.words
    assert "Engine core initialization" not in failure.words


def test_after_it_ran_out_of_memory_the_context_is_halved_at_least(folder: Path) -> None:
    spec = KIND.read(_entry(), folder)
    assert KIND.smaller(spec, None, 1 << 40) == 512
    assert KIND.smaller(spec, 1023, 1 << 40) is None


def test_sleeping_and_waking(folder: Path) -> None:
    spec = KIND.read(_entry(sleep=1), folder)
    weights = (folder / "tiny/model.safetensors").stat().st_size
    share = {"gpu0": 70 << 30, "gpu1": 100, "cpu": 3 << 30}
    shallow, deep = KIND.asleep(spec, 1, share), KIND.asleep(spec, 2, share)
    assert deep == {"gpu0": 1 << 30, "gpu1": 100, "cpu": 3 << 30}
    assert 0 < shallow["cpu"] - deep["cpu"] <= weights
    assert KIND.back_seconds(1, 60.0) < KIND.back_seconds(2, 60.0) < 60.0
    assert KIND.sleep(2) == (Ask("POST", "/sleep?level=2&mode=wait"),)
    assert KIND.wake(1) == (Ask("POST", "/wake_up"),)
    assert [ask.path for ask in KIND.wake(2)] == ["/wake_up?tags=weights", "/collective_rpc", "/wake_up?tags=kv_cache"]


class TestGuard:
    @pytest.fixture
    def guard(self, monkeypatch: pytest.MonkeyPatch) -> Guard:
        monkeypatch.setenv("VLLM_API_KEY", "secret")

        async def app(scope: MutableMapping[str, Any], receive: object, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200})

        return Guard(app)

    async def _status(self, guard: Guard, path: str, *headers: tuple[bytes, bytes], kind: str = "http") -> object:
        sent: list[MutableMapping[str, Any]] = []

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        async def receive() -> MutableMapping[str, Any]:
            return {}

        await guard({"type": kind, "path": path, "headers": headers}, receive, send)
        return sent[0].get("status", sent[0].get("code"))

    @pytest.mark.parametrize("path", ["/v1/models", "/invocations", "/sleep", "/metrics", "/health/", "//health", ""])
    async def test_every_path_asks_for_the_token(self, guard: Guard, path: str) -> None:
        right = (b"authorization", b"Bearer secret")
        assert await self._status(guard, path) == 401
        assert await self._status(guard, path, (b"authorization", b"Bearer wrong")) == 401
        assert await self._status(guard, path, (b"authorization", b"Bearer wrong"), right) == 401
        assert await self._status(guard, path, (b"authorization", b"\xff")) == 401
        assert await self._status(guard, path, right) == 200

    async def test_health_needs_none_and_sockets_do(self, guard: Guard) -> None:
        assert await self._status(guard, "/health") == 200
        assert await self._status(guard, "/v1/realtime", kind="websocket") == 1008

"""`python -m inference.runner.engines.llamacpp`: the server of llama.cpp out of xllamacpp, told what to serve in
PENSTOCK_SERVING and what to ask its callers for in LLAMA_API_KEY. It answers as llama-server does; no request passes
through Python."""

from __future__ import annotations

import os
import signal
import sys
import time
from importlib import import_module
from typing import Any

from inference.runner.engines.llamacpp.serving import KEY_VARIABLE, SERVING_VARIABLE, Serving

LOG_SECONDS = 0.3  # the library's log says why, in a thread that no exit waits for


def parameters(library: Any, serving: Serving, key: str) -> Any:
    """xllamacpp's `CommonParams`; the library has no types."""
    params = library.CommonParams()
    params.model.path = serving.path
    params.model_alias = {serving.name}
    params.hostnames = ["127.0.0.1"]
    params.port = serving.port
    params.api_keys = [key]
    params.n_ctx = serving.context * serving.requests
    params.n_parallel = serving.requests
    params.kv_unified = False
    params.n_gpu_layers = serving.layers
    params.n_batch, params.n_ubatch = serving.batch, serving.micro_batch
    params.cache_ram_mib = 0  # memory that nobody has reckoned with
    params.fit_params = False
    params.offline = True
    params.ui = params.endpoint_slots = False
    if serving.threads:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = serving.threads
    if serving.cache_type:
        params.cache_type_k = params.cache_type_v = library.ggml_type[f"GGML_TYPE_{serving.cache_type.upper()}"]
    if serving.pooling:
        params.pooling_type = library.llama_pooling_type[f"LLAMA_POOLING_TYPE_{serving.pooling.upper()}"]
    if serving.template:
        with open(serving.template, encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs more than this process
            params.chat_template = file.read()
    params.embedding = serving.embeds
    return params


def main() -> int:
    serving = Serving.from_json(os.environ[SERVING_VARIABLE])
    library = import_module("xllamacpp")
    try:
        server = library.Server(parameters(library, serving, os.environ.pop(KEY_VARIABLE)))
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        time.sleep(LOG_SECONDS)
        return 1
    stop = signal.sigwait([signal.SIGTERM, signal.SIGINT])
    del server, stop
    return 0


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])  # waited for, in threads of C++ as well
    sys.exit(main())

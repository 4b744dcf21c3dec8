"""The options of `vllm serve` that `engine_args` may set, by their names without dashes.

https://docs.vllm.ai/en/latest/cli/serve.html. Left out are those that run code from a file (`trust_remote_code`,
plugins), open the machine to requests (`allowed_local_media_path`), or take memory beside what is reckoned
(`speculative_config`, `kv_offloading_size`).
"""

from __future__ import annotations

from inference.runner.engines.arguments import Form

OURS: dict[str, Form] = {
    "sequences": "whole",  # requests of full length that the cache has room for
    "tensor_parallel_size": "whole",  # the only one, where it is given
}
PASSED_ON: dict[str, Form] = {
    "attention_backend": "text",
    "block_size": "whole",
    "chat_template": "file",
    "chat_template_content_format": "text",
    "config_format": "text",
    "convert": "text",
    "dtype": "text",
    "kv_cache_dtype": "text",
    "load_format": "text",
    "quantization": "text",
    "reasoning_parser": "text",
    "scheduling_policy": "text",
    "tokenizer_mode": "text",
    "tool_call_parser": "text",
    "max_cpu_loras": "whole",
    "max_logprobs": "whole",
    "max_loras": "whole",
    "max_num_batched_tokens": "whole",
    "seed": "whole",
    "mm_processor_cache_gb": "decimal",
    "async_scheduling": "flag",
    "disable_sliding_window": "flag",
    "enable_auto_tool_choice": "flag",
    "enable_chunked_prefill": "flag",
    "enable_expert_parallel": "flag",
    "enable_prefix_caching": "flag",
    "enforce_eager": "flag",
    "language_model_only": "flag",
    "default_chat_template_kwargs": "object",
    "hf_overrides": "object",
    "limit_mm_per_prompt": "object",
    "mm_processor_kwargs": "object",
    "override_generation_config": "object",
    "pooler_config": "object",
    "structured_outputs_config": "object",
}
OPTIONS = OURS | PASSED_ON

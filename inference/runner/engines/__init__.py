"""The programs that hold models. Each is a process that speaks the OpenAI protocol on a port of loopback.

A kind of engine is `KIND` in a folder's kind.py, which the runner's process imports; the engine's library, if it has
one, is imported by its own process alone.

onnx/          embedders and cross-encoders on onnxruntime
extractive/    answers made of sentences quoted from the prompt's sources
vllm/          vLLM, in an environment of its own
llamacpp/      llama.cpp: its own program, or the wheel xllamacpp
transformers/  language models and embedders on torch
colpali/       embedders of pages on torch

What processes of ours share
serving.py     the token, errors in OpenAI's shape, the port that is told to the runner, the end
embeddings.py  POST /v1/embeddings as a format: a request read, an answer written
chat.py        POST /v1/chat/completions, whole or streamed
reranking.py   POST /v1/rerank
torch_model.py what a process on torch is told

What kinds share
arguments.py   `engine_args` against a list of what an engine takes
folders.py     a model's folder, looked at without its weights
layouts.py     how a model of files lies on devices
endings.py     why an engine ended, out of its log
torching.py    the environment with torch, and the program that runs there
"""

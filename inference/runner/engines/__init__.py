"""The programs that hold models. Each is a process that speaks the OpenAI protocol on a port of loopback.

serving.py     what they share: the token, errors in OpenAI's shape, the port that is told to the runner, the end
embeddings.py  POST /v1/embeddings as a format: a request read, an answer written
chat.py        POST /v1/chat/completions, whole or streamed
reranking.py   POST /v1/rerank
onnx/          embedders and cross-encoders on onnxruntime
extractive/    answers made of sentences quoted from the prompt's sources
"""

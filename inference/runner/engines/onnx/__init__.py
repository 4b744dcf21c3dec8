"""Embedders and cross-encoders on onnxruntime, without torch: each a process with one model.

model.py         what the engine is told of its model, and what a model's folder says
published.py     the built-in one, all-MiniLM-L6-v2
safetensors.py   the weights' file format
bert.py          weights -> ONNX graph, in fp32 or int8
quantisation.py  ranges and integers
building.py      the short-lived process that makes a graph and finds its ranges
kept.py          the graph that is kept in the home
opening.py       a model that answers, or why it does not
session.py       texts -> tokens -> numbers
batching.py      inputs -> batches with little padding; whose batch is next
worker.py        one batch a lane at a time
embedder.py      texts -> vectors, pairs -> scores
"""

"""all-MiniLM-L6-v2 on onnxruntime, without torch.

weights.py      the published weights, their checksum, and the graph that is kept in the home
safetensors.py  the weights' file format
graph.py        weights -> ONNX graph; a short-lived process, so that its library's memory does not stay
batching.py     texts -> batches with little padding; whose batch is next
embedder.py     tokens -> vectors, one batch at a time
"""

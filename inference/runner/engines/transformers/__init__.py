"""Models that nothing faster serves, by the library `transformers`: chat and embeddings, one request after the other.

kind.py        an entry read and checked; the program
generating.py  tokens out of a model, as text, until it or its caller has enough
chatting.py    POST /v1/chat/completions over that
embedding.py   vectors out of a model
__main__.py    the process
"""

"""vLLM, in an environment and a process of its own: it is never imported, only started and asked over HTTP.

kind.py      an entry read and checked; the command line; what the log says when it ends
options.py   what `engine_args` may hold
guard/       a module that vLLM loads, which asks for the engine's token where vLLM does not
"""

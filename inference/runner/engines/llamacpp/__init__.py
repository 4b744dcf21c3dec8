"""llama.cpp: the program `llama-server`, or the same server out of the wheel `xllamacpp` in a process of ours.

kind.py      an entry read and checked; the program; what the log says when it ends
serving.py   what a server is to serve, as the command line of llama-server or as parameters for xllamacpp
__main__.py  the process that serves with xllamacpp
"""

"""Embedders of pages by late interaction: a vector for each part of a page's picture, and each token of a query.

A page answers a query as well as the query's tokens find a part of it that is like them (MaxSim):
ColPali, https://arxiv.org/abs/2407.01449. The models are those that the library `transformers` has.

kind.py      an entry read and checked; the program
request.py   POST /v1/multi_vectors and /v1/rerank as formats: what is asked, what is answered
pictures.py  a stranger's picture, looked at with care
maxsim.py    how well vectors of a page answer those of a query
model.py     vectors out of a model
__main__.py  the process
"""

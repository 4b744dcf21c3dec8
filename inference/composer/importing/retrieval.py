"""QueryLake's functions that find and read, as nodes. Pure."""

from __future__ import annotations

from typing import Any

from inference.composer.importing.calls import Called, Site, as_list, node
from inference.composer.importing.expressions import call, expression, ref
from inference.composer.importing.outputs import Outputs
from inference.composer.values import mark_of
from inference.functions import find, functions
from inference.json_values import is_object

_MOST_HITS = 100
_LANE = 10
_COLLECTIONS = {"type": ["array", "null"], "title": "Collections"}
# Arguments of the searches that change nothing that a toolchain could see.
_QUIET = (
    "group_chunks", "explain_plan", "return_statement", "sources_in_object", "web_search", "embedding",
    "embedding_sparse", "table", "similarity_weight", "bm25_weight", "sparse_weight", "limit_sparse", "rerank",
)  # fmt: skip
# Those of them whose values matter, with the value that says nothing.
_NOTED = {"web_search": False, "table": "document_chunk", "rerank": False, "limit_sparse": 0}


def search_hybrid(site: Site) -> Called:
    """Both lanes at once; as many passages as both limits together."""
    lanes = [_limit(site, "limit_bm25", _LANE), _limit(site, "limit_similarity", _LANE)]
    limit = _limit(site, "limit", 0) or sum(lanes)
    return _search(site, "search_hybrid", limit, "rows")


def search_bm25(site: Site) -> Called:
    return _search(site, "search_bm25", _limit(site, "limit", _LANE), None)


def search_file_chunks(site: Site) -> Called:
    site.note("files have no search of their own: all of the caller's documents are searched")
    return _search(site, "search_bm25", _limit(site, "limit", 20), None)


def _limit(site: Site, key: str, otherwise: int) -> int:
    given = site.constant(key)
    known = isinstance(given, int) and not isinstance(given, bool)
    return max(0, given) if known else otherwise


def _search(site: Site, function: str, limit: int, rows_key: str | None) -> Called:
    site.expect("collection_ids", _COLLECTIONS)
    made = node(
        site,
        "function",
        function=function,
        input={
            "query": _query(site),
            "collection_ids": site.get("collection_ids", []),
            "limit": min(_MOST_HITS, max(1, limit)),
        },
    )
    site.ignore(*_QUIET)
    for key, neutral in _NOTED.items():
        if site.has(key) and site.arguments[key].value != neutral:
            site.note(f"{key!r} of {function} has no counterpart: it is left out")
    rows = call("map", ref("nodes", site.id, "hits"), _row())
    keys = {name: rows for name in ("rows", "sources", "results", "result")}
    return Called([made], Outputs(keys, whole=None if rows_key else rows))


def _query(site: Site) -> Any:
    """The text to search for: QueryLake takes an object too, with a text for every lane."""
    given = site.required("query")
    if mark_of(given) == "literal" or (is_object(given) and mark_of(given) is None):
        texts = given.get("literal", given)
        site.note("one text is searched for in all lanes")
        return next((texts[lane] for lane in ("bm25", "embedding", "rerank") if lane in texts), "")
    if is_object(given) and not given.get("ref", "").startswith(("input.", "nodes.")):
        lanes = [call("get", given, lane) for lane in ("bm25", "embedding", "rerank")]
        return call("if", expression("==", call("type", given), "object"), call("default", *lanes, ""), given)
    site.expect("query", {"type": "string"})
    return given


def _row() -> Any:
    """A hit as QueryLake's rows are, beside what it is here."""
    fields: dict[str, Any] = {
        "id": ref("item", "chunk_id"),
        "collection_type": None,
        "document_chunk_number": None,
        "document_integrity": None,
        "website_url": None,
        "private": True,
        "md": {"page": ref("item", "page"), "headings": ref("item", "headings")},
        "document_md": ref("item", "metadata"),
        "hybrid_score": ref("item", "score"),
        "similarity_score": ref("item", "dense_score"),
        "sparse_score": None,
        "rerank_score": None,
    }
    return call("merge", {"ref": "item"}, fields)


def web_scrape(site: Site) -> Called:
    """Web pages as their servers send them."""
    urls = site.required("inputs")
    site.ignore("timeout", "markdown", "load_strategy", "summary")
    site.note("web_scrape gives pages as they are sent: they are not turned into text")
    if isinstance(urls, str):
        page = node(site, "http", url=urls, expect="text")
        body = ref("nodes", site.id, "body")
        return Called([page], Outputs({"result": body, "output": body, "results": [body]}, whole=body))
    fetch = node(site, "http", "page", url={"ref": "item"}, expect="text")
    pages = node(site, "map", over=as_list(urls), body={"nodes": [fetch]}, result=ref("nodes", fetch["id"], "body"))
    bodies = ref("nodes", site.id)
    single = call("if", expression("==", call("type", urls), "array"), bodies, call("get", bodies, 0))
    return Called([pages], Outputs({"result": single, "output": single, "results": bodies}, whole=single))


def ocr_pdf_file(site: Site) -> Called:
    """The text of a document's pages: it was read, with OCR where that was needed, when it was uploaded."""
    document = call("string", _document(site.required("file")))
    seen = node(site, "function", "document", function="fetch_document", input={"document_id": document})
    page = node(
        site,
        "function",
        "page",
        function="fetch_document_page",
        input={"document_id": document, "page": {"ref": "item"}},
    )
    numbers = call("range", 1, call("+", ref("nodes", seen["id"], "page_count"), 1))
    pages = node(site, "map", over=numbers, body={"nodes": [page]}, result=ref("nodes", page["id"], "text"))
    text = call("join", ref("nodes", site.id), "\n\n")
    return Called([seen, pages], Outputs({"pdf_text": text, "output": text, "result": text}))


def _document(given: Any) -> Any:
    """The id in a file pointer, or the id itself."""
    if is_object(given) and mark_of(given) is None and "document_hash_id" in given:
        return given["document_hash_id"]
    return call("if", expression("==", call("type", given), "object"), call("get", given, "document_hash_id"), given)


# What arguments of functions that we have too are called here.
_RENAMED = {
    "collection_hash_id": "collection_id", "hash_id": "document_id", "document_hash_id": "document_id",
    "title": "title", "document_collection_id": "collection_id",
}  # fmt: skip


def same_function(site: Site, name: str) -> Called | None:
    """A function that we have under the same name, if it can be called from a toolchain."""
    if name not in functions() or not find(name).is_node:
        return None
    fields = find(name).request.model_fields
    taken: dict[str, Any] = {}
    for key in site.arguments:
        field = key if key in fields else _RENAMED.get(key, key)
        if field in fields:
            taken[field] = site.get(key)
    missing = [field for field, about in fields.items() if about.is_required() and field not in taken]
    if missing:
        site.note(f"{name} here needs {', '.join(missing)}, which nothing gives")
        return None
    made = node(site, "function", function=name, input=taken)
    result = ref("nodes", site.id)
    keys = {field: ref("nodes", site.id, field) for field in getattr(find(name).result, "model_fields", {})}
    if "id" in keys:
        keys.setdefault("hash_id", keys["id"])
    return Called([made], Outputs({**keys, "result": result}, whole=result))

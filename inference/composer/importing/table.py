"""Which of QueryLake's functions become what. Pure."""

from __future__ import annotations

from inference.composer.importing import models, retrieval
from inference.composer.importing.calls import Builder, Called, Site

_BUILDERS: dict[str, Builder] = {
    "llm": models.llm,
    "llm_isolate_question": models.isolate_question,
    "llm_make_conversation_title": models.conversation_title,
    "llm_multistep_search": models.multistep_search,
    "self_guided_search": models.guided_search,
    "search_hybrid": retrieval.search_hybrid,
    "search_bm25": retrieval.search_bm25,
    "search_file_chunks": retrieval.search_file_chunks,
    "web_scrape": retrieval.web_scrape,
    "ocr_pdf_file": retrieval.ocr_pdf_file,
}


# What QueryLake's search takes beside what the node is made of; everything else that is given to a function QueryLake
# drops in silence, and so does this.
_TUNING = frozenset(
    "offset strict_constraint_prefilter constraint_query_text fusion_primitive fusion_normalization rrf_k use_bm25 "  # noqa: SIM905 - a list of words
    "use_similarity use_sparse adaptive_lane_routing adaptive_query_profile dynamic_lane_budgeting sort_by sort_dir "
    "lexical_variant_id".split()
)


def call_function(function: str, site: Site) -> Called | None:
    """The nodes for a function; None, with a note, when there is nothing that does the same."""
    builder = _BUILDERS.get(function)
    called = builder(site) if builder else retrieval.same_function(site, function)
    if called is None:
        site.note(f"there is no function {function[:80]!r} here: the node is left out, and what reads its outputs")
        return None
    site.finish(_TUNING)
    site.draft.count(len(called.nodes))
    return called

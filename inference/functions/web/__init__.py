"""Requests that users ask for, kept out of one's own network: checked addresses, bounded answers, files by URL."""

from inference.functions.web.answer import as_text, read_body, read_bytes, unpacked
from inference.functions.web.fetching import MOST_REDIRECTS, REDIRECTS, Fetched, fetching, file_name, one_part
from inference.functions.web.guard import (
    Allowance,
    GuardedResolver,
    check_address,
    close_web,
    guarded_session,
    read_allowance,
    read_url,
)
from inference.functions.web.proxy import GuardedProxy, guarded_proxy

__all__ = [
    "MOST_REDIRECTS", "REDIRECTS", "Allowance", "Fetched", "GuardedProxy", "GuardedResolver", "as_text",
    "check_address", "close_web", "fetching", "file_name", "guarded_proxy", "guarded_session", "one_part",
    "read_allowance", "read_body", "read_bytes", "read_url", "unpacked",
]  # fmt: skip

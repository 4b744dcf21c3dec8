"""What the platform can do: one typed async function per operation, all in one registry.

    @function(scope="search:read")
    async def search_hybrid(ctx: Context, request: SearchRequest) -> SearchResult: ...

puts an operation into the registry once; it is then `POST /api/search_hybrid` and a node of toolchains, with the same
checks. A function knows who called (`ctx.user`), never how. It checks the caller's right to every id that it is given:
what belongs to somebody else is not found. One that changes nothing says so (`read_only=True`). Errors are those of
inference.errors.
"""

from inference.functions import (
    accounts,
    citing,
    collections,
    conversations,
    documents,
    gateway,
    ingestion,
    models,
    pulls,
    search,
    sources,
)
from inference.functions.chat import Answer, Delta, ToolCall, collect, stream
from inference.functions.citing import cite_sources, write_source
from inference.functions.context import Caller, Context, Launch, RunScope
from inference.functions.conversations import get_conversation, own_collections
from inference.functions.gateway import (
    Access,
    Candidate,
    Counted,
    Refused,
    Standing,
    Tokens,
    estimate,
    limit_headers,
    open_access,
    refusal,
)
from inference.functions.identifiers import new_id, no_such, parse_id, parse_optional_id
from inference.functions.ingestion import delete_left_contents, sweep_objects
from inference.functions.moments import parse_optional_moment
from inference.functions.providers import ProviderModel, find_provider
from inference.functions.registry import (
    Download,
    Function,
    Upload,
    check_rights,
    check_scope,
    find,
    function,
    functions,
    invoke,
    is_read_only,
    is_repeatable,
)
from inference.functions.tokens import hash_key, read_token
from inference.functions.web import (
    Allowance,
    GuardedResolver,
    as_text,
    check_address,
    close_web,
    guarded_session,
    read_allowance,
    read_body,
    read_bytes,
    read_url,
)

__all__ = [
    "Access", "Allowance", "Answer", "Caller", "Candidate", "Context", "Counted", "Delta", "Download", "Function",
    "GuardedResolver", "Launch", "ProviderModel", "Refused", "RunScope", "Standing", "Tokens", "ToolCall", "Upload",
    "accounts", "as_text", "check_address", "check_rights", "check_scope", "cite_sources", "citing", "close_web",
    "collect", "collections", "conversations", "delete_left_contents", "documents", "estimate", "find",
    "find_provider", "function", "functions", "gateway", "get_conversation", "guarded_session", "hash_key",
    "ingestion", "invoke", "is_read_only", "is_repeatable", "limit_headers", "models", "new_id", "no_such",
    "open_access", "own_collections", "parse_id", "parse_optional_id", "parse_optional_moment", "pulls",
    "read_allowance", "read_body", "read_bytes", "read_token", "read_url", "refusal", "search", "sources", "stream",
    "sweep_objects", "write_source",
]  # fmt: skip

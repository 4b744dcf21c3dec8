"""What administrators set for those who ask models: names, limits; and what was used."""

from inference.functions.gateway import administration
from inference.functions.gateway.access import Access, open_access
from inference.functions.gateway.counting import Counted, Refused, Standing
from inference.functions.gateway.limits import limit_headers, refusal
from inference.functions.gateway.routes import Candidate
from inference.functions.gateway.tokens import Tokens, estimate

__all__ = [
    "Access",
    "Candidate",
    "Counted",
    "Refused",
    "Standing",
    "Tokens",
    "administration",
    "estimate",
    "limit_headers",
    "open_access",
    "refusal",
]

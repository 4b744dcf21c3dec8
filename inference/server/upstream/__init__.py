"""HTTP/1.1 to engines and providers, as much of it as the token path needs: one POST at a time over connections that
are kept open, bytes in and bytes out, nothing read faster than it is passed on (docs/decisions/0009).

    answer = await pool.post(origin, path, headers, body, deadlines)   # returns with the answer's head
    while part := await answer.part():                                 # b"" at its end
        ...
    answer.close()                                                     # always; in the middle it hangs up

Errors: ConnectionLost (no connection, or it ended before the answer did), Stalled (nothing came for too long), Garbled
(what came is not HTTP), and ForbiddenAddress where an origin is guarded.
"""

from inference.server.upstream.connection import Answer, ConnectionLost, Garbled, Stalled, UpstreamError
from inference.server.upstream.pool import Deadlines, Origin, Pool, origin_of

__all__ = [
    "Answer",
    "ConnectionLost",
    "Deadlines",
    "Garbled",
    "Origin",
    "Pool",
    "Stalled",
    "UpstreamError",
    "origin_of",
]

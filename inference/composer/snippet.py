"""The text of a code node as the sandbox is given it: so that the value of its last line comes out as JSON."""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass
from functools import lru_cache

VALUE_CHARACTERS = 10 * 1024 * 1024
"""The longest value that leaves the sandbox, as JSON text."""

# A block on one line (`if x: a; b`) ends in statements that are not the program's own last one.
_BLOCKS = frozenset(
    "async class def elif else except finally for if try while with".split()  # noqa: SIM905 - a sentence of keywords
)
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_BETWEEN = frozenset((tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER))


@dataclass(frozen=True, slots=True)
class Snippet:
    """`plain` runs the code and gives None. `valued` runs it and gives its last expression as JSON text, cut one
    character behind VALUE_CHARACTERS; it may be used when `probe`, which runs nothing, is no syntax error. In both the
    code's lines keep their numbers, and in `valued` a failure behind `last_line` is one of making JSON."""

    plain: str
    valued: str | None = None
    probe: str | None = None
    last_line: int = 0


@lru_cache(maxsize=64)
def read_snippet(code: str) -> Snippet:
    """Takes the code apart at its last statement. Whether that is an expression only the sandbox's own parser can say:
    it alone knows its grammar, and the parser of this process must not meet hostile text."""
    code = code.replace("\r\n", "\n").replace("\r", "\n")
    plain = code + "\nNone"
    place = _last_statement(code)
    if place is None:
        return Snippet(plain)
    (first_line, first_column), (last_line, last_column) = place
    lines = code.split("\n")
    head = "\n".join([*lines[: first_line - 1], lines[first_line - 1][:first_column]])
    end = "\n".join([*lines[: last_line - 1], lines[last_line - 1][:last_column]])
    last = end[len(head) :]
    # Imports and slices cannot be redefined by the code, as a name such as `len` can.
    closing = (
        "\nimport json as _json_of_last_line"
        "\n_json_of_last_line.dumps(_last_line, allow_nan=False, ensure_ascii=False)"
        f"[:{VALUE_CHARACTERS + 1}]"
    )
    return Snippet(
        plain,
        valued=f"{head}_last_line = ({last}\n){closing}",
        probe=f"async def _last_line():\n return ({last}\n)",
        last_line=last_line + 1,
    )


def _last_statement(code: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where the last statement outside of all blocks begins and ends: lines from 1, columns from 0. None when the code
    ends in a block, or cannot be read."""
    start = end = (0, 0)
    fresh, block, depth, indent = True, False, 0, 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.INDENT:
                indent, block = indent + 1, True
            elif token.type == tokenize.DEDENT:
                indent -= 1
            elif token.type == tokenize.NEWLINE:
                fresh = True
            elif token.type not in _BETWEEN and not indent:
                if token.type == tokenize.OP:
                    depth += (token.string in _OPENING) - (token.string in _CLOSING)
                if token.string == ";" and not depth and not block:
                    fresh = True
                    continue
                if fresh:
                    start, fresh, block = token.start, False, token.string in _BLOCKS
                end = token.end
    except (tokenize.TokenError, SyntaxError):
        return None
    return None if block or end == (0, 0) else (start, end)

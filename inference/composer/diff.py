"""What differs between two toolchains as written. Pure.

Nodes are known by their id and edges by their ends, not by their place in a list. What the language marks as one value
(a reference, a template, an expression, a literal) is compared as a whole. The order of an object's keys says nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from inference.composer.values import mark_of
from inference.json_values import is_array, is_object
from inference.models.versions import Difference

# What nests deeper is compared as a whole: nobody could read such a path.
_DEEPEST = 60
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[A-Za-z0-9_-]+->[A-Za-z0-9_-]+")


def diff_toolchains(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Every difference, in the order of what was before. `before` is None where something was added, `after` where it
    was removed. True is not 1, and 1 is not 1.0."""
    return list(_Comparison((_id, _ends, _name)).of("", before, after, 0))


def diff_values(before: Any, after: Any) -> list[Difference]:
    """As `diff_toolchains`, of any JSON, whose lists are gone through by place. The path of what is different as a
    whole is empty."""
    return list(_Comparison(()).of("", before, after, 0))


class _Comparison:
    """Remembers a digest of every object and list that it has seen, so that nothing is looked at twice. Lists all of
    whose elements one of `names` names are compared by these names."""

    def __init__(self, names: tuple[Callable[[Any], str | None], ...]) -> None:
        self._names = names
        self._digests: dict[int, bytes] = {}

    def of(self, path: str, before: Any, after: Any, depth: int) -> Iterator[Difference]:
        if self._same(before, after):
            return
        whole = depth >= _DEEPEST or mark_of(before) is not None or mark_of(after) is not None
        if not whole and is_object(before) and is_object(after):
            yield from self._named(path, before, after, depth)
        elif not whole and is_array(before) and is_array(after):
            yield from self._lists(path, before, after, depth)
        else:
            yield Difference(path=path, change="changed", before=before, after=after)

    def _named(self, path: str, before: dict[str, Any], after: dict[str, Any], depth: int) -> Iterator[Difference]:
        for name, value in before.items():
            if name in after:
                yield from self.of(_join(path, name), value, after[name], depth + 1)
            else:
                yield Difference(path=_join(path, name), change="removed", before=value)
        for name, value in after.items():
            if name not in before:
                yield Difference(path=_join(path, name), change="added", after=value)

    def _lists(self, path: str, before: list[Any], after: list[Any], depth: int) -> Iterator[Difference]:
        for name_of in self._names:
            old, new = _by_name(before, name_of), _by_name(after, name_of)
            if old is not None and new is not None:
                yield from self._named(path, old, new, depth)
                kept_before, kept_after = [n for n in old if n in new], [n for n in new if n in old]
                if kept_before != kept_after:
                    yield Difference(path=path, change="reordered", before=kept_before, after=kept_after)
                return
        yield from self._counted(path, before, after, depth)

    def _counted(self, path: str, before: list[Any], after: list[Any], depth: int) -> Iterator[Difference]:
        """Lists whose elements have no names: what both begin and end with is left out, the rest goes side by side."""
        shorter = min(len(before), len(after))
        start = next((n for n in range(shorter) if not self._same(before[n], after[n])), shorter)
        rest = shorter - start
        end = next((n for n in range(rest) if not self._same(before[-1 - n], after[-1 - n])), rest)
        old, new = before[start : len(before) - end], after[start : len(after) - end]
        for number in range(max(len(old), len(new))):
            where = f"{path}[{start + number}]"
            if number >= len(new):
                yield Difference(path=where, change="removed", before=old[number])
            elif number >= len(old):
                yield Difference(path=where, change="added", after=new[number])
            else:
                yield from self.of(where, old[number], new[number], depth + 1)

    def _same(self, before: Any, after: Any) -> bool:
        return self._digest(before) == self._digest(after)

    def _digest(self, value: Any) -> bytes:
        """Of the JSON text but for the order of keys."""
        if not is_object(value) and not is_array(value):
            return json.dumps(value).encode()
        known = self._digests.get(id(value))
        if known is None:
            parts = (
                [(json.dumps(name).encode(), self._digest(value[name])) for name in sorted(value)]
                if is_object(value)
                else [(b"", self._digest(element)) for element in value]
            )
            # Every part with its length, so that two different lists of parts never read the same.
            text = b"".join(b"%d %s %d %s " % (len(name), name, len(part), part) for name, part in parts)
            known = hashlib.blake2b((b"{" if is_object(value) else b"[") + text, digest_size=32).digest()
            self._digests[id(value)] = known
        return known


def _by_name(elements: list[Any], name_of: Callable[[Any], str | None]) -> dict[str, Any] | None:
    """The elements by name, unless one has none or two have the same."""
    named = {name: element for element in elements if (name := name_of(element)) is not None}
    return named if len(named) == len(elements) else None


def _id(element: Any) -> str | None:
    name = element.get("id") if is_object(element) else None
    return name if isinstance(name, str) else None


def _name(element: Any) -> str | None:
    name = element.get("name") if is_object(element) else None
    return name if isinstance(name, str) else None


def _ends(element: Any) -> str | None:
    if not is_object(element) or element.keys() != {"from", "to"}:
        return None
    begin, end = element["from"], element["to"]
    return f"{begin}->{end}" if isinstance(begin, str) and isinstance(end, str) else None


def _join(path: str, name: str) -> str:
    if not _PLAIN.fullmatch(name):
        return f"{path}[{json.dumps(name)}]"
    return f"{path}.{name}" if path else name

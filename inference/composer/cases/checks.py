"""Whether a check holds, and what to say when it does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from inference.composer.cases.judging import judge
from inference.composer.clipping import clipped
from inference.composer.diff import diff_values
from inference.composer.inputs import checked
from inference.composer.operators import OPERATORS, as_text
from inference.composer.values import evaluate
from inference.errors import InvalidInput, PenstockError
from inference.functions import Context
from inference.json_values import is_array, is_object
from inference.models.cases import (
    Check,
    CheckResult,
    ContainsCheck,
    EqualsCheck,
    JudgedCheck,
    SchemaCheck,
    SimilarCheck,
)
from inference.models.versions import Difference
from inference.runner import DEFAULT_EMBEDDER, embed

_MOST_DIFFERENCES = 20
# Bytes of JSON that are shown of a value.
_MOST_SHOWN = 16_000
_MOST_OF_DIFFERENCE = 1_000
_LONGEST_MESSAGE = 1000


@dataclass(frozen=True, slots=True)
class _Found:
    """Whether something holds as it is asked, before `negate`; and why."""

    holds: bool
    message: str
    expected: Any = None
    score: float | None = None
    differences: list[Difference] = field(default_factory=list[Difference])


async def look(ctx: Context, check: Check, evidence: dict[str, Any]) -> CheckResult:
    """What comes of a check. Never raises what a check can be blamed for: it has then not passed, and says why. What
    was to be there and what is are told where it has not."""
    actual: Any = None
    try:
        actual = evaluate(check.of, evidence)
        found = await _look(ctx, check, actual, evidence)
    except PenstockError as error:
        # What could not be looked at holds neither way.
        message = error.message[:_LONGEST_MESSAGE]
        return CheckResult(kind=check.kind, passed=False, message=message, actual=shown(actual))
    passed = found.holds is not check.negate
    message = f"It must not be so: {found.message}" if check.negate and found.holds else found.message
    result = CheckResult(kind=check.kind, passed=passed, message=message[:_LONGEST_MESSAGE], score=found.score)
    if not passed:
        result.expected, result.actual = shown(found.expected), shown(actual)
        result.differences = [] if check.negate else found.differences
    return result


def shown(value: Any, most: int = _MOST_SHOWN) -> Any:
    """The value with what is long in it cut; the beginning of its JSON where that is still more than `most` bytes."""
    cut = clipped(value)
    text = orjson.dumps(cut, option=orjson.OPT_NON_STR_KEYS)
    return cut if len(text) <= most else f"{text[:most].decode(errors='ignore')}… (cut)"


async def _look(ctx: Context, check: Check, actual: Any, evidence: dict[str, Any]) -> _Found:
    match check:
        case EqualsCheck():
            return _equals(evaluate(check.value, evidence), actual)
        case ContainsCheck():
            return _contains(evaluate(check.value, evidence), actual, ignore_case=check.ignore_case)
        case SchemaCheck():
            return _fits(check.form, actual)
        case SimilarCheck():
            return await _similar(ctx, as_text(evaluate(check.value, evidence)), as_text(actual), check.least)
        case JudgedCheck():
            judgement = await judge(ctx, check.model, check.question, as_text(actual))
            return _Found(judgement.holds, judgement.why, expected=check.question)


def equal(one: Any, other: Any) -> bool:
    """As the language's `==`: 1 is 1.0, and not true."""
    return bool(OPERATORS["=="][2](one, other))


def _equals(expected: Any, actual: Any) -> _Found:
    if equal(expected, actual):
        return _Found(holds=True, message="It is the same.", expected=expected)
    found = diff_values(expected, actual)[:_MOST_DIFFERENCES]
    told = [
        each.model_copy(
            update={"before": shown(each.before, _MOST_OF_DIFFERENCE), "after": shown(each.after, _MOST_OF_DIFFERENCE)}
        )
        for each in found
    ]
    where = ", ".join(each.path for each in told[:3] if each.path)
    return _Found(
        holds=False,
        message=f"It is different at {where}." if where else "It is different.",
        expected=expected,
        differences=told if where else [],
    )


def _contains(expected: Any, actual: Any, *, ignore_case: bool) -> _Found:
    holds = contains(actual, expected, ignore_case=ignore_case)
    return _Found(holds, "It is there." if holds else "It is not there.", expected=expected)


def contains(container: Any, item: Any, *, ignore_case: bool = False) -> bool:
    """Whether a text has this within it, a list such an element, or an object such a field or such fields. Raises
    InvalidInput for what holds nothing."""
    if isinstance(container, str):
        text, part = container, as_text(item)
        return part.casefold() in text.casefold() if ignore_case else part in text
    if is_array(container):
        return any(_has(element, item, ignore_case=ignore_case) for element in container)
    if is_object(container):
        return item in container if isinstance(item, str) else _has(container, item, ignore_case=ignore_case)
    raise InvalidInput(f"Only texts, lists and objects contain something; this is {as_text(container)[:80] or 'null'}.")


def _has(held: Any, item: Any, *, ignore_case: bool) -> bool:
    """Whether an object has at least these fields, or anything else is the same."""
    if is_object(held) and is_object(item):
        return all(name in held and _has(held[name], value, ignore_case=ignore_case) for name, value in item.items())
    if ignore_case and isinstance(held, str) and isinstance(item, str):
        return held.casefold() == item.casefold()
    return equal(held, item)


def _fits(form: dict[str, Any], actual: Any) -> _Found:
    try:
        checked(form, actual, "value")
    except InvalidInput as error:
        return _Found(holds=False, message=error.message, expected=form)
    return _Found(holds=True, message="It fits.", expected=form)


async def _similar(ctx: Context, expected: str, actual: str, least: float) -> _Found:
    if not expected.strip() or not actual.strip():
        raise InvalidInput("An empty text is similar to none.")
    cosine = 1.0
    if expected != actual:
        one, other = await embed(ctx.runner, DEFAULT_EMBEDDER, [expected, actual], "query")
        cosine = float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))
    return _Found(
        cosine >= least,
        f"The cosine is {cosine:.3f}; at least {least:g} is asked for.",
        expected=expected,
        score=round(cosine, 4),
    )

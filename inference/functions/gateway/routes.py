"""Names of models, and what is asked behind them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Route:
    """What an administrator set for a name: the model behind it, those that are asked when it fails, in order, and
    values of fields that a request leaves out."""

    model: str
    fallbacks: Sequence[str] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that may answer, and values of fields that a request leaves out."""

    model: str
    defaults: Mapping[str, Any]


def plan(routes: Mapping[str, Route], name: str) -> list[Candidate]:
    """The models to ask for `name`, in order; the first is always there.

    An alias leads to models, never to another alias. Defaults of the alias go before those of the model itself.
    """
    route = routes.get(name)
    if route is None:
        return [Candidate(name, {})]
    models = dict.fromkeys((route.model, *route.fallbacks))
    own = routes.get(route.model)
    if own and own.model == route.model and route.model != name:
        models |= dict.fromkeys(own.fallbacks)
    return [Candidate(model, {**_defaults(routes, model), **route.defaults}) for model in models]


def _defaults(routes: Mapping[str, Route], model: str) -> Mapping[str, Any]:
    """Those that were set for the model by its own name."""
    own = routes.get(model)
    return own.defaults if own and own.model == model else {}

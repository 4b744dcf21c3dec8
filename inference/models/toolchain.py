# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from typing_extensions import TypeAliasType
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from . import common


StateType = TypeAliasType("StateType", Literal["string", "integer", "number", "boolean", "object", "array", "any"])


Reducer = TypeAliasType("Reducer", Literal["set", "append", "merge", "add"])
"""
How a write meets what is there: `set` replaces, `append` adds to a list or a string, `merge` updates an object, `add` sums numbers.
"""


class StateKey(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: StateType
    reducer: Reducer = "set"
    default: Any | None = None
    """
    What it holds before anything is written.
    """
    description: str = ""


Value = TypeAliasType("Value", Any)
"""
Any JSON is a literal, save an object with exactly one of these keys: `{"ref": "state.question"}` (roots: input, state, nodes.<id>, run), `{"template": "Answer {{ state.question }}"}`, `{"expr": <expression>}` and `{"literal": <anything>}` for data that looks like one of these.
"""


Expression = TypeAliasType("Expression", Annotated[dict[str, Any], Field(max_length=1, min_length=1)])
"""
One operator with its operands, `{"==": [a, b]}`: == != > >= < <= in and or not empty length. An operand is a value or another expression.
"""


NodeId = TypeAliasType("NodeId", Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,59}$")])


class FunctionNode(BaseModel):
    """
    Calls a registered function.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: NodeId
    kind: Literal["function"]
    title: Annotated[str, Field(max_length=200)] = ""
    function: str
    """
    Its name, as in /api/help.
    """
    input: dict[str, Value] = {}
    """
    A value per field of the function's request.
    """
    write: dict[str, Value] = {}
    """
    State keys to write, each with a value that may refer to this node's `result`.
    """
    timeout_seconds: Annotated[float, Field(gt=0.0, le=86400.0)] = 600


class LlmNode(BaseModel):
    """
    Asks a chat model; `result` is `{text, finish_reason, usage}`.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: NodeId
    kind: Literal["llm"]
    title: Annotated[str, Field(max_length=200)] = ""
    model: Value | None = None
    """
    A model id; null or left out means the platform's default.
    """
    messages: Value
    """
    A list of `{role, content}`; a nested list is spliced in.
    """
    temperature: Annotated[float | None, Field(ge=0.0, le=2.0)] = None
    max_tokens: Annotated[int | None, Field(ge=1)] = None
    stream: str | None = None
    """
    The state key of type string that the text streams into.
    """
    cite: Value | None = None
    """
    The sources whose numbers the text may cite; marks `[n]` become `citation` events and `result.citations`.
    """
    write: dict[str, Value] = {}
    timeout_seconds: Annotated[float, Field(gt=0.0, le=86400.0)] = 600


class BranchCase(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    when: Expression
    to: str
    """
    A node id or `end`.
    """


class EmitNode(BaseModel):
    """
    Sends an event to whoever watches the run.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: NodeId
    kind: Literal["emit"]
    title: Annotated[str, Field(max_length=200)] = ""
    event: Literal["sources", "state"]
    data: Value


class Edge(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    from_: Annotated[str, Field(alias="from")]
    """
    A node id or `start`.
    """
    to: str
    """
    A node id or `end`.
    """


class ToolchainRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain: dict[str, Any]
    """
    A toolchain as JSON; checked in full, so that every fault is named at once.
    """


class SaveToolchainResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    version: int


class ValidateToolchainResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    valid: bool
    faults: list[common.Fault]


class ToolchainReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]
    version: Annotated[int | None, Field(ge=1, le=2147483647)] = None


class ToolchainSummary(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    title: str
    description: str
    version: int
    shipped: bool
    """
    True when it comes with the product.
    """
    chat: bool
    """
    True when it takes a `question` and streams an answer, so that it can be talked to.
    """
    updated_at: AwareDatetime | None


class ToolchainList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchains: list[ToolchainSummary]


class StoredToolchain(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    version: int
    shipped: bool
    toolchain: dict[str, Any]
    """
    A Toolchain, as it was saved.
    """


class BranchNode(BaseModel):
    """
    Goes to the first case whose expression holds.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: NodeId
    kind: Literal["branch"]
    title: Annotated[str, Field(max_length=200)] = ""
    cases: Annotated[list[BranchCase], Field(min_length=1)]
    else_: Annotated[str, Field(alias="else")]
    """
    A node id or `end`.
    """


Node = TypeAliasType("Node", Annotated[FunctionNode | LlmNode | BranchNode | EmitNode, Field(discriminator="kind")])


class Toolchain(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: Annotated[str, Field(pattern="^[a-z][a-z0-9_-]{0,79}$")]
    title: Annotated[str, Field(max_length=200, min_length=1)]
    description: Annotated[str, Field(max_length=4000)] = ""
    input: dict[str, Any] = {"type": "object"}
    """
    A JSON Schema (`type` object) that every run's input is checked against.
    """
    state: Annotated[dict[str, StateKey], Field(validate_default=True)] = {}
    """
    The typed keys that nodes read and write.
    """
    nodes: Annotated[list[Node], Field(max_length=1000, min_length=1)]
    edges: Annotated[list[Edge], Field(max_length=4000)]
    output: dict[str, Value] = {}
    """
    The run's output, a value per name, read from the final state.
    """
    stream: str | None = None
    """
    The state key whose text streams to chat clients.
    """

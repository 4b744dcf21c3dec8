# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal, Union
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType
from . import cases as cases_1, common, page as page_1


class Suggestion(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str, Field(max_length=200, min_length=1)]
    input: dict[str, Any]


StateType = TypeAliasType("StateType", Literal["string", "integer", "number", "boolean", "object", "array", "any"])


Reducer = TypeAliasType("Reducer", Literal["set", "append", "merge", "add", "messages"])
"""
How a write meets what is there: `set` replaces, `append` adds to a list or a string, `merge` updates an object, `add` sums numbers, `messages` adds messages to a list and replaces those with the same `id`.
"""


class StateKey(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: StateType
    reducer: Reducer = "set"
    scope: Literal["run", "thread"] = "run"
    """
    `run`: begins with its default in every run. `thread`: goes on from one run of a thread to the next.
    """
    default: Any | None = None
    """
    What it holds before anything is written.
    """
    description: str = ""


Value = TypeAliasType("Value", Any)
"""
Any JSON is a literal, save an object with exactly one of these keys: `{"ref": "state.question"}` (roots: input, state, nodes.<id>, run; item and index in a body), `{"template": "Answer {{ state.question }}"}`, `{"expr": <expression>}` and `{"literal": <anything>}` for data that looks like one of these.
"""


Expression = TypeAliasType("Expression", Annotated[dict[str, Any], Field(max_length=1, min_length=1)])
"""
One operator with its operands, `{"==": [a, b]}`. An operand is a value or another expression.
"""


NodeId = TypeAliasType("NodeId", Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,59}$")])


class NodeBase(BaseModel):
    """
    What every node has.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: NodeId
    title: Annotated[str, Field(max_length=200)] = ""
    when: Expression | None = None
    """
    The node is skipped unless this holds; what follows goes on.
    """


class Retry(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    attempts: Annotated[int, Field(ge=1, le=20)] = 3
    backoff_seconds: Annotated[float, Field(ge=0.0, le=3600.0)] = 1
    """
    The pause before the second attempt.
    """
    factor: Annotated[float, Field(ge=1.0, le=10.0)] = 2
    """
    How much longer every further pause is.
    """
    on: list[str] = []
    """
    The types of errors worth another attempt. Empty means those that may pass by themselves.
    """


class Cache(BaseModel):
    """
    Results are kept for the user and taken again for the same key.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    key: Value
    ttl_seconds: Annotated[float, Field(gt=0.0, le=31536000.0)]


class JoinNode(NodeBase):
    """
    Waits for all ways that lead to it, as every node does.
    """

    kind: Literal["join"]
    need: Literal["any", "all"] = "any"
    """
    `any`: goes on when some way was taken. `all`: is skipped, with what follows, unless every way was.
    """


class EmitNode(NodeBase):
    """
    Sends an event to whoever watches the run.
    """

    kind: Literal["emit"]
    event: Literal["sources", "state"]
    data: Value
    path: Annotated[str, Field(max_length=200)] = ""
    """
    What a `state` event is about.
    """


class Tool(BaseModel):
    """
    A function or a toolchain that a model may call.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    function: str | None = None
    toolchain: Annotated[str | None, Field(max_length=80)] = None
    name: Annotated[str | None, Field(pattern="^[A-Za-z0-9_-]{1,64}$")] = None
    """
    What the model calls it; left out: its id.
    """
    description: Annotated[str | None, Field(max_length=4000)] = None
    input: dict[str, Value] = {}
    """
    Fields that are given whatever the model says, and that it does not see.
    """


class AgentLimits(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    steps: Annotated[int, Field(ge=1, le=200)] = 12
    """
    How often the model is asked.
    """
    seconds: Annotated[float, Field(gt=0.0, le=86400.0)] = 300
    tokens: Annotated[int, Field(ge=1)] = 100000
    """
    Prompt and answer tokens of all steps together, as far as the model tells them.
    """


Path = TypeAliasType("Path", Annotated[list[Value], Field(min_length=1)])
"""
Where in the state: `turns.-1.content`, or a list of parts that are values. A missing parent is made where it can only be an object; setting at a list's length appends.
"""


class Change(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    op: Literal["set", "append", "extend", "merge", "add", "subtract", "delete"]
    """
    `set` puts the value there; `append` adds it to a list or a text; `extend` adds the elements of a list; `merge` updates an object; `add` and `subtract` count; `delete` takes away what is there.
    """
    path: str | Path
    """
    Where in the state: `turns.-1.content`, or a list of parts that are values. A missing parent is made where it can only be an object; setting at a list's length appends.
    """
    value: Value | None = None
    when: Expression | None = None


class BranchCase(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    when: Expression
    to: str
    """
    A node id or `end`.
    """


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


class SaveToolchainRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain: dict[str, Any]
    """
    A toolchain as JSON; checked in full, so that every fault is named at once.
    """
    expected_version: Annotated[int | None, Field(ge=0, le=2147483647)] = None
    """
    The latest version that the caller knows of, 0 for none: if there is another by now, nothing is saved. Null means whatever there is.
    """


class SaveToolchainResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    version: int


class ImportToolchainResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    version: int
    notes: list[common.Fault]
    """
    What of a foreign format could not be carried over, by its path there.
    """


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


class VersionFault(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    version: int
    path: str
    message: str


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


class WorkBase(NodeBase):
    """
    What every node has that works for a result.
    """

    write: dict[str, Value] = {}
    """
    State keys to write, each with a value that may refer to this node's `result`.
    """
    timeout_seconds: Annotated[float, Field(gt=0.0, le=86400.0)] = 600
    """
    The longest that one attempt may take.
    """
    retry: Retry | None = None
    cache: Cache | None = None
    on_error: str | None = None
    """
    The node (or `end`) to go to when this one fails; there `nodes.<id>.error` is `{type, message}`.
    """


class FunctionNode(WorkBase):
    """
    Calls a registered function; `result` is what it gives.
    """

    kind: Literal["function"]
    function: str
    """
    Its name, as in /api/help.
    """
    input: dict[str, Value] = {}
    """
    A value per field of the function's request.
    """


class ChatBase(WorkBase):
    """
    What the nodes have that ask a chat model.
    """

    model: Value | None = None
    """
    A model id; null or left out means the platform's default.
    """
    messages: Value | None = None
    """
    A list of `{role, content}`; a nested list is spliced in. Left out: `prompt` alone.
    """
    prompt: Value | None = None
    """
    The last user message as text.
    """
    temperature: Annotated[float | None, Field(ge=0.0, le=2.0)] = None
    max_tokens: Annotated[int | None, Field(ge=1)] = None
    answer_schema: dict[str, Any] | None = None
    """
    A JSON Schema that the answer must fit, or a `ref` or `expr` that gives one; the answer becomes `result.data`.
    """
    repairs: Annotated[int, Field(ge=0, le=5)] = 2
    """
    How often an answer that does not fit is sent back with what is wrong.
    """
    stream: str | None = None
    """
    The state path that the text streams into as it is written: a key of type string, or a path into a key such as `turns.-1.content` whose parents are there.
    """
    cite: Value | None = None
    """
    The sources whose numbers the text may cite; marks `[n]` become `citation` events and `result.citations`.
    """


class LlmNode(ChatBase):
    """
    Asks a chat model; `result` is `{text, data, tool_calls, finish_reason, usage, citations}`.
    """

    kind: Literal["llm"]
    tools: Annotated[list[Tool], Field(max_length=100, validate_default=True)] = []
    """
    What the model may ask for; `result.tool_calls` are `{id, name, arguments}`, and nothing is called.
    """


class AgentNode(ChatBase):
    """
    Lets a chat model call tools until it answers; `result` is `{text, data, steps, finish_reason, usage, citations}`.
    """

    kind: Literal["agent"]
    tools: Annotated[list[Tool], Field(max_length=100)]
    limits: AgentLimits | None = None


class UpdateNode(NodeBase):
    """
    Changes state in place, one change after the other. Text that is put into the key of `stream` streams to chat clients.
    """

    kind: Literal["update"]
    changes: Annotated[list[Change], Field(max_length=1000, min_length=1)]


class BranchNode(NodeBase):
    """
    Goes to the first case whose expression holds.
    """

    kind: Literal["branch"]
    cases: Annotated[list[BranchCase], Field(min_length=1)]
    else_: Annotated[str, Field(alias="else")]
    """
    A node id or `end`.
    """


class SubchainNode(WorkBase):
    """
    Runs another toolchain within this run; `result` is its output.
    """

    kind: Literal["subchain"]
    toolchain: Annotated[str, Field(max_length=80)]
    """
    Its id.
    """
    version: Annotated[int | None, Field(ge=1, le=2147483647)] = None
    input: dict[str, Value] = {}
    stream: str | None = None
    """
    The state path that the text streams into as it is written: a key of type string, or a path into a key such as `turns.-1.content` whose parents are there.
    """


class ApprovalNode(WorkBase):
    """
    Pauses the run for a person; `result` is `{value, timed_out}`, `value` being what the form was filled in with.
    """

    kind: Literal["approval"]
    message: Value | None = None
    """
    What the person is told.
    """
    form: dict[str, Any] = {
        "type": "object",
        "required": ["approved"],
        "properties": {"approved": {"type": "boolean", "title": "Approved"}},
    }
    """
    A JSON Schema of what the person gives. The `default` of a field is a value; the form comes filled in with it.
    """
    wait_seconds: Annotated[float | None, Field(gt=0.0)] = None
    """
    After so long `default` is taken.
    """
    default: Any | None = None
    """
    The value when nobody answers in time.
    """


class WaitNode(WorkBase):
    """
    Pauses the run for an event or a time; `result` is `{value, timed_out}`.
    """

    kind: Literal["wait"]
    seconds: Value | None = None
    """
    How long to wait, or with `event` at most.
    """
    until: Value | None = None
    """
    When to go on, or with `event` at the latest: an ISO 8601 time.
    """
    event: Annotated[str | None, Field(max_length=200, min_length=1)] = None
    """
    The name of what is waited for; resume_run tells that it has come.
    """
    form: dict[str, Any] | None = None
    """
    A JSON Schema of the event's value.
    """
    default: Any | None = None
    """
    The value when the time is over.
    """


class CodeNode(WorkBase):
    """
    Runs Python in a sandbox without files, network or modules; `result` is `{value, printed}`, `value` being that of the last line.
    """

    kind: Literal["code"]
    code: Annotated[str, Field(max_length=100000, min_length=1)]
    input: dict[str, Value] = {}
    """
    The variables that the code begins with.
    """
    seconds: Annotated[float, Field(gt=0.0, le=60.0)] = 5
    memory_mb: Annotated[int, Field(ge=1, le=1024)] = 64


class HttpNode(WorkBase):
    """
    Asks a web server; `result` is `{status, headers, body}`. Addresses within one's own network are refused.
    """

    kind: Literal["http"]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] = "GET"
    url: Value
    headers: dict[str, Value] = {}
    query: dict[str, Value] = {}
    body: Value | None = None
    """
    JSON, or text as it is.
    """
    expect: Literal["auto", "json", "text"] = "auto"
    """
    How the answer is read; auto goes by its content type.
    """
    max_bytes: Annotated[int, Field(ge=1, le=104857600)] = 5242880
    accept_status: list[int] = []
    """
    Statuses of 400 and more that are no error.
    """


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
    page: bool = False
    """
    True when what runs take has a page of its own, `/apps/<id>`.
    """
    updated_at: AwareDatetime | None
    published_version: int | None = None
    """
    The version that runs take which name none. Null means the latest.
    """
    faults: Annotated[list[VersionFault], Field(validate_default=True)] = []
    """
    What this release of Penstock finds wrong with the latest and the published version; found at the upgrade.
    """


class ToolchainList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchains: list[ToolchainSummary]


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
    durable: bool = True
    """
    True: every step's result is stored before the next begins. False: a run that loses its process begins anew.
    """
    timeout_seconds: Annotated[float | None, Field(gt=0.0)] = None
    """
    The longest that a run may be carried; pauses do not count.
    """
    concurrency: Annotated[int | None, Field(ge=1, le=1000)] = None
    """
    How many of a user's runs of it are carried at once; the others wait in the queue. Null means no limit of its own.
    """
    on_busy: Literal["enqueue", "reject", "interrupt", "rollback"] = "enqueue"
    """
    What a run does that finds its thread busy: `enqueue` waits for its turn, `reject` is refused, `interrupt` cancels the other run and keeps what it wrote to the thread, `rollback` cancels it and keeps nothing of it.
    """
    suggestions: Annotated[list[Suggestion], Field(max_length=50, validate_default=True)] = []
    """
    Inputs to begin with, shown as buttons.
    """
    tests: Annotated[list[cases_1.Case], Field(max_length=200, validate_default=True)] = []
    """
    Inputs, and what must hold of the runs that they begin.
    """
    follow_up: dict[str, Any] | None = None
    """
    An input with which it runs once more, by itself, after the first run of a thread has completed.
    """
    page: page_1.PageDefinition | None = None
    """
    The page on which people use it; runs do not look at it.
    """
    metadata: dict[str, Any] = {}
    """
    What editors and importers keep here; runs do not look at it.
    """


Node = TypeAliasType(
    "Node",
    Annotated[
        Union[
            FunctionNode,
            LlmNode,
            AgentNode,
            UpdateNode,
            BranchNode,
            JoinNode,
            "MapNode",
            "LoopNode",
            SubchainNode,
            ApprovalNode,
            WaitNode,
            CodeNode,
            HttpNode,
            EmitNode,
        ],
        Field(discriminator="kind"),
    ],
)


class Body(BaseModel):
    """
    Nodes within a node. Without edges they follow each other as they are listed.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    nodes: Annotated[list[Node], Field(max_length=1000, min_length=1)]
    edges: Annotated[list[Edge] | None, Field(max_length=4000)] = None


class MapNode(WorkBase):
    """
    Does its body for every element of a list, several at once; `result` is the list of results in the order of the elements.
    """

    kind: Literal["map"]
    over: Value
    """
    The list; in the body `item` and `index`.
    """
    body: Body
    result: Value | None = None
    """
    An element's result. Left out: the result of the body's last node.
    """
    concurrency: Annotated[int, Field(ge=1, le=64)] = 4
    on_item_error: Literal["fail", "null"] = "fail"
    """
    `fail`: the map fails. `null`: the element's result is null, and `nodes.<id>` goes on.
    """


class LoopNode(WorkBase):
    """
    Does its body again and again; `result` is `{iterations, last, done}`.
    """

    kind: Literal["loop"]
    body: Body
    while_: Annotated[Expression | None, Field(alias="while")] = None
    """
    Looked at before every round.
    """
    until: Expression | None = None
    """
    Looked at after every round.
    """
    max_iterations: Annotated[int, Field(ge=1, le=10000)]
    result: Value | None = None
    """
    A round's result, which is `result.last`. Left out: the result of the body's last node.
    """


Toolchain.model_rebuild()

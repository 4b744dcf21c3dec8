// Generated from schemas/ by regenerate_models.sh: do not edit.

export type Check = EqualsCheck | ContainsCheck | SchemaCheck | SimilarCheck | JudgedCheck;
/**
 * It is this value.
 */
export type EqualsCheck = CheckBase & {
  kind: "equals";
  /**
   * A value of the toolchain language, with the same roots.
   */
  value: unknown;
};
/**
 * A text that has this within it, a list with such an element, an object with such a field or such fields.
 */
export type ContainsCheck = CheckBase & {
  kind: "contains";
  /**
   * A value of the toolchain language. An element that is an object has at least these fields.
   */
  value: unknown;
  ignore_case?: boolean;
};
/**
 * It fits a JSON Schema.
 */
export type SchemaCheck = CheckBase & {
  kind: "schema";
  /**
   * The JSON Schema.
   */
  form: {
    [k: string]: unknown;
  };
};
/**
 * A text that means much the same, by the cosine of the built-in embedder's vectors.
 */
export type SimilarCheck = CheckBase & {
  kind: "similar";
  /**
   * A value of the toolchain language: the text to compare with.
   */
  value: unknown;
  /**
   * The least cosine.
   */
  least?: number;
};
/**
 * A chat model says yes to a question about it.
 */
export type JudgedCheck = CheckBase & {
  kind: "judged";
  question: string;
  /**
   * Null: the platform's default, which must be one that can judge.
   */
  model?: string | null;
};
export type CaseStatus = "queued" | "running" | "passed" | "failed";
export type RunStatus = "queued" | "running" | "waiting" | "completed" | "failed" | "cancelled" | "dead";
export type ConversationWithMessages = Conversation & {
  /**
   * Oldest first.
   */
  messages: Message[];
  next_before?: string | null;
};
export type MessageStatus = "streaming" | "complete" | "aborted" | "failed";
export type DocumentStatus = "pending" | "indexing" | "complete" | "failed";
/**
 * `underway` and `failed` tell of what is being done, of a newer content too; `complete` ones can be searched meanwhile.
 */
export type DocumentState = "underway" | "complete" | "failed" | "warnings";
/**
 * A chunk and the ones directly before and after it.
 */
export type ChunkWithNeighbours = Chunk & {
  /**
   * In the order of the document.
   */
  neighbours: Chunk[];
};
export type Draft = DraftSummary & {
  toolchain: {
    [k: string]: unknown;
  };
};
export type ProviderName = string;
export type LimitKind = "user" | "api_key" | "model" | "each_user";
export type ModelState = "off" | "loading" | "ready" | "sleeping" | "unloading" | "failed";
/**
 * `multi_vector`: an embedder of pages or texts whose answer is one vector for each of its parts.
 */
export type ModelKind = "chat" | "embedding" | "rerank" | "multi_vector";
/**
 * 32-bit floating point, as exact as the published model; or 8-bit integers, several times faster.
 */
export type Precision = "fp32" | "int8";
/**
 * `cpu`, `gpu0`, `gpu1`, …
 */
export type DeviceId = string;
export type PageElement =
  | RowElement
  | ColumnElement
  | TabsElement
  | DividerElement
  | ChatElement
  | TextElement
  | MarkdownElement
  | UploadElement
  | DocumentsElement
  | ViewerElement
  | TableElement
  | ImageElement
  | FormElement
  | FieldElement
  | SwitchElement
  | SelectElement
  | ButtonElement
  | ProgressElement
  | ChartElement;
/**
 * Elements side by side; on a phone one above the other.
 */
export type RowElement = ElementBase & {
  kind: "row";
  /**
   * @maxItems 12
   */
  children: PageElement[];
  /**
   * How much of the width each takes; left empty: equal parts.
   *
   * @maxItems 12
   */
  shares?: number[];
  align?: "start" | "center" | "end" | "stretch";
};
/**
 * Its name on the page; no two elements have the same.
 */
export type ElementId = string;
/**
 * Any JSON is a literal, save an object with exactly one of these keys: `{"ref": "state.answer"}` (roots: state, input, output, session, run; in actions also event), `{"template": "{{ state.count }} found"}` and `{"literal": <anything>}`.
 */
export type PageValue = unknown;
/**
 * Elements one above the other.
 */
export type ColumnElement = ComponentBase & {
  kind: "column";
  /**
   * @maxItems 200
   */
  children: PageElement[];
  surface?: "none" | "panel";
};
/**
 * What every component has.
 */
export type ComponentBase = ElementBase & {
  /**
   * What it is called on the page.
   */
  label?: string;
};
/**
 * Elements behind each other, one tab at a time.
 */
export type TabsElement = ElementBase & {
  kind: "tabs";
  /**
   * @minItems 1
   * @maxItems 12
   */
  tabs: PageTab[];
};
/**
 * A line between what is above and below.
 */
export type DividerElement = ComponentBase & {
  kind: "divider";
};
/**
 * A conversation with a place to write. Without `messages` it shows the questions and answers of the page's runs, and gives them to the next run as `history` if its input has that.
 */
export type ChatElement = ComponentBase & {
  kind: "chat";
  /**
   * A list of `{role, content}`, with `sources` if there are any.
   */
  messages?: PageValue;
  /**
   * The field of the input that holds what was asked, where `messages` is left out.
   */
  question?: string;
  placeholder?: string;
  /**
   * `event.text`. Empty: there is no place to write.
   *
   * @maxItems 20
   */
  on_send?: PageAction[];
};
export type PageAction = RunAction | AnswerAction | SetAction | CancelAction | RestartAction | NotifyAction;
/**
 * What a component writes: `input.<name>`, what the next run is given, or `session.<name>`.
 */
export type Target = string;
/**
 * Words as they are.
 */
export type TextElement = ElementBase & {
  kind: "text";
  value: PageValue;
  size?: "small" | "normal" | "large" | "title";
};
/**
 * Words with Markdown; HTML in them is not shown, pictures are not fetched.
 */
export type MarkdownElement = ElementBase & {
  kind: "markdown";
  value: PageValue;
};
/**
 * Takes files into a collection and writes the ids of the documents.
 */
export type UploadElement = ComponentBase & {
  kind: "upload";
  multiple?: boolean;
  /**
   * The id of a collection; left out: one that the page makes for its toolchain.
   */
  collection?: PageValue;
  /**
   * A list of document ids; one id where it is a text.
   */
  to?: Target | null;
  /**
   * When all files can be searched. `event.document_ids`, `event.collection_id`, `event.file_names`.
   *
   * @maxItems 20
   */
  on_upload?: PageAction[];
};
/**
 * Picks collections or documents.
 */
export type DocumentsElement = ComponentBase & {
  kind: "documents";
  pick?: "collections" | "documents";
  /**
   * Of which collection, where documents are picked; left out: the person says.
   */
  collection?: PageValue;
  /**
   * A list of ids; one id where it is a text.
   */
  to: Target;
  /**
   * `event.value`
   *
   * @maxItems 20
   */
  on_change?: PageAction[];
};
/**
 * Shows a document, page by page.
 */
export type ViewerElement = ComponentBase & {
  kind: "viewer";
  /**
   * Its id.
   */
  document: PageValue;
  /**
   * From 1.
   */
  page?: PageValue;
};
/**
 * Rows of values.
 */
export type TableElement = ComponentBase & {
  kind: "table";
  /**
   * A list of objects or of lists.
   */
  rows: PageValue;
  /**
   * Left empty: the fields of the rows.
   *
   * @maxItems 40
   */
  columns?: PageColumn[];
  /**
   * `event.row`, `event.index`
   *
   * @maxItems 20
   */
  on_select?: PageAction[];
};
/**
 * A picture: a document that is one, or a `data:` address. Others are not fetched.
 */
export type ImageElement = ComponentBase & {
  kind: "image";
  source: PageValue;
};
/**
 * Fields that a JSON Schema describes, and a button.
 */
export type FormElement = ComponentBase & {
  kind: "form";
  /**
   * Null: the toolchain's input, which it fills in.
   */
  schema?: {
    [k: string]: unknown;
  } | null;
  /**
   * Which fields of the input; left empty: all.
   *
   * @maxItems 100
   */
  fields?: string[];
  button?: string;
  /**
   * Where what it gives is written; with a schema of its own.
   */
  to?: Target | null;
  /**
   * `event.value`
   *
   * @maxItems 20
   */
  on_submit?: PageAction[];
};
/**
 * A text or a number to write, as its target is.
 */
export type FieldElement = ComponentBase & {
  kind: "field";
  to: Target;
  lines?: number;
  placeholder?: string;
  /**
   * When it is left, or Enter is pressed. `event.value`
   *
   * @maxItems 20
   */
  on_change?: PageAction[];
};
export type SwitchElement = ComponentBase & {
  kind: "switch";
  to: Target;
  /**
   * `event.value`
   *
   * @maxItems 20
   */
  on_change?: PageAction[];
};
export type SelectElement = ComponentBase & {
  kind: "select";
  /**
   * A list of values where it is a list, else one.
   */
  to: Target;
  /**
   * A list of values, or of `{label, value}`.
   */
  options: PageValue;
  /**
   * `event.value`
   *
   * @maxItems 20
   */
  on_change?: PageAction[];
};
export type ButtonElement = ComponentBase & {
  kind: "button";
  style?: "primary" | "quiet";
  /**
   * @maxItems 20
   */
  on_press: PageAction[];
};
/**
 * A bar, from 0 to 1. Null while a run goes on is a bar without an end.
 */
export type ProgressElement = ComponentBase & {
  kind: "progress";
  /**
   * Left out: how far the run is.
   */
  value?: PageValue;
};
export type ChartElement = ComponentBase & {
  kind: "chart";
  /**
   * A list of objects.
   */
  rows: PageValue;
  shape?: "bars" | "line";
  /**
   * The field under each place; left empty: its number.
   */
  x?: string;
  /**
   * The fields whose numbers are drawn.
   *
   * @minItems 1
   * @maxItems 6
   */
  y: string[];
};
export type PullState = "queued" | "running" | "done" | "failed" | "cancelled";
/**
 * A run with what went in, what came out, and what happened between.
 */
export type RunDetail = Run & {
  input: {
    [k: string]: unknown;
  };
  output: {
    [k: string]: unknown;
  } | null;
  /**
   * What each node did, in the order of their starts.
   */
  nodes: NodeRun[];
  time?: TimeAccount | null;
  /**
   * The checkpoint that it began at.
   */
  forked_from?: string | null;
  /**
   * Results that nodes were given, by node.
   */
  pinned?: {
    [k: string]: unknown;
  };
  /**
   * The one node that was done alone.
   */
  only_node?: string | null;
  /**
   * The Toolchain that was run, as it was saved.
   */
  toolchain: Toolchain;
};
export type RunEventName =
  | "run_started"
  | "node_started"
  | "node_finished"
  | "state"
  | "delta"
  | "sources"
  | "citation"
  | "waiting"
  | "run_finished"
  | "run_failed"
  | "run_cancelled";
/**
 * `contains`: a text holds a text (without regard to case), a list holds a value, an object holds an object. `has_key`, `has_keys`, `has_any_key`: of an object. `contained_by`: it holds nothing that is not in the value. `between`: both ends belong to it. `missing`: the field is not there; it needs no value.
 */
export type Operator =
  | "eq"
  | "ne"
  | "lt"
  | "lte"
  | "gt"
  | "gte"
  | "between"
  | "in"
  | "contains"
  | "contained_by"
  | "has_key"
  | "has_keys"
  | "has_any_key"
  | "missing";
export type StateType = "string" | "integer" | "number" | "boolean" | "object" | "array" | "any";
/**
 * How a write meets what is there: `set` replaces, `append` adds to a list or a string, `merge` updates an object, `add` sums numbers, `messages` adds messages to a list and replaces those with the same `id`.
 */
export type Reducer = "set" | "append" | "merge" | "add" | "messages";
export type Node =
  | FunctionNode
  | LlmNode
  | AgentNode
  | UpdateNode
  | BranchNode
  | JoinNode
  | MapNode
  | LoopNode
  | SubchainNode
  | ApprovalNode
  | WaitNode
  | CodeNode
  | HttpNode
  | EmitNode;
/**
 * Calls a registered function; `result` is what it gives.
 */
export type FunctionNode = WorkBase & {
  kind: "function";
  /**
   * Its name, as in /api/help.
   */
  function: string;
  /**
   * A value per field of the function's request.
   */
  input?: {
    [k: string]: Value;
  };
};
/**
 * What every node has that works for a result.
 */
export type WorkBase = NodeBase & {
  /**
   * State keys to write, each with a value that may refer to this node's `result`.
   */
  write?: {
    [k: string]: Value;
  };
  /**
   * The longest that one attempt may take.
   */
  timeout_seconds?: number;
  retry?: Retry | null;
  cache?: Cache | null;
  /**
   * The node (or `end`) to go to when this one fails; there `nodes.<id>.error` is `{type, message}`.
   */
  on_error?: string | null;
};
export type NodeId = string;
/**
 * Any JSON is a literal, save an object with exactly one of these keys: `{"ref": "state.question"}` (roots: input, state, nodes.<id>, run; item and index in a body), `{"template": "Answer {{ state.question }}"}`, `{"expr": <expression>}` and `{"literal": <anything>}` for data that looks like one of these.
 */
export type Value = unknown;
/**
 * Asks a chat model; `result` is `{text, data, tool_calls, finish_reason, usage, citations}`.
 */
export type LlmNode = ChatBase & {
  kind: "llm";
  /**
   * What the model may ask for; `result.tool_calls` are `{id, name, arguments}`, and nothing is called.
   *
   * @maxItems 100
   */
  tools?: Tool[];
};
/**
 * What the nodes have that ask a chat model.
 */
export type ChatBase = WorkBase & {
  /**
   * A model id; null or left out means the platform's default.
   */
  model?: Value;
  /**
   * A list of `{role, content}`; a nested list is spliced in. Left out: `prompt` alone.
   */
  messages?: Value;
  /**
   * The last user message as text.
   */
  prompt?: Value;
  temperature?: number | null;
  max_tokens?: number | null;
  /**
   * A JSON Schema that the answer must fit, or a `ref` or `expr` that gives one; the answer becomes `result.data`.
   */
  answer_schema?: {
    [k: string]: unknown;
  } | null;
  /**
   * How often an answer that does not fit is sent back with what is wrong.
   */
  repairs?: number;
  /**
   * The state path that the text streams into as it is written: a key of type string, or a path into a key such as `turns.-1.content` whose parents are there.
   */
  stream?: string | null;
  /**
   * The sources whose numbers the text may cite; marks `[n]` become `citation` events and `result.citations`.
   */
  cite?: Value;
};
/**
 * Lets a chat model call tools until it answers; `result` is `{text, data, steps, finish_reason, usage, citations}`.
 */
export type AgentNode = ChatBase & {
  kind: "agent";
  /**
   * @maxItems 100
   */
  tools: Tool[];
  limits?: AgentLimits | null;
};
/**
 * Changes state in place, one change after the other. Text that is put into the key of `stream` streams to chat clients.
 */
export type UpdateNode = NodeBase & {
  kind: "update";
  /**
   * @minItems 1
   * @maxItems 1000
   */
  changes: Change[];
};
/**
 * Goes to the first case whose expression holds.
 */
export type BranchNode = NodeBase & {
  kind: "branch";
  /**
   * @minItems 1
   */
  cases: BranchCase[];
  /**
   * A node id or `end`.
   */
  else: string;
};
/**
 * Waits for all ways that lead to it, as every node does.
 */
export type JoinNode = NodeBase & {
  kind: "join";
  /**
   * `any`: goes on when some way was taken. `all`: is skipped, with what follows, unless every way was.
   */
  need?: "any" | "all";
};
/**
 * Does its body for every element of a list, several at once; `result` is the list of results in the order of the elements.
 */
export type MapNode = WorkBase & {
  kind: "map";
  /**
   * The list; in the body `item` and `index`.
   */
  over: Value;
  body: Body;
  /**
   * An element's result. Left out: the result of the body's last node.
   */
  result?: Value;
  concurrency?: number;
  /**
   * `fail`: the map fails. `null`: the element's result is null, and `nodes.<id>` goes on.
   */
  on_item_error?: "fail" | "null";
};
/**
 * Does its body again and again; `result` is `{iterations, last, done}`.
 */
export type LoopNode = WorkBase & {
  kind: "loop";
  body: Body;
  /**
   * Looked at before every round.
   */
  while?: Expression | null;
  /**
   * Looked at after every round.
   */
  until?: Expression | null;
  max_iterations: number;
  /**
   * A round's result, which is `result.last`. Left out: the result of the body's last node.
   */
  result?: Value;
};
/**
 * Runs another toolchain within this run; `result` is its output.
 */
export type SubchainNode = WorkBase & {
  kind: "subchain";
  /**
   * Its id.
   */
  toolchain: string;
  version?: number | null;
  input?: {
    [k: string]: Value;
  };
  /**
   * The state path that the text streams into as it is written: a key of type string, or a path into a key such as `turns.-1.content` whose parents are there.
   */
  stream?: string | null;
};
/**
 * Pauses the run for a person; `result` is `{value, timed_out}`, `value` being what the form was filled in with.
 */
export type ApprovalNode = WorkBase & {
  kind: "approval";
  /**
   * What the person is told.
   */
  message?: Value;
  /**
   * A JSON Schema of what the person gives. The `default` of a field is a value; the form comes filled in with it.
   */
  form?: {
    [k: string]: unknown;
  };
  /**
   * After so long `default` is taken.
   */
  wait_seconds?: number | null;
  /**
   * The value when nobody answers in time.
   */
  default?: unknown;
};
/**
 * Pauses the run for an event or a time; `result` is `{value, timed_out}`.
 */
export type WaitNode = WorkBase & {
  kind: "wait";
  /**
   * How long to wait, or with `event` at most.
   */
  seconds?: Value;
  /**
   * When to go on, or with `event` at the latest: an ISO 8601 time.
   */
  until?: Value;
  /**
   * The name of what is waited for; resume_run tells that it has come.
   */
  event?: string | null;
  /**
   * A JSON Schema of the event's value.
   */
  form?: {
    [k: string]: unknown;
  } | null;
  /**
   * The value when the time is over.
   */
  default?: unknown;
};
/**
 * Runs Python in a sandbox without files, network or modules; `result` is `{value, printed}`, `value` being that of the last line.
 */
export type CodeNode = WorkBase & {
  kind: "code";
  code: string;
  /**
   * The variables that the code begins with.
   */
  input?: {
    [k: string]: Value;
  };
  seconds?: number;
  memory_mb?: number;
};
/**
 * Asks a web server; `result` is `{status, headers, body}`. Addresses within one's own network are refused.
 */
export type HttpNode = WorkBase & {
  kind: "http";
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  url: Value;
  headers?: {
    [k: string]: Value;
  };
  query?: {
    [k: string]: Value;
  };
  /**
   * JSON, or text as it is.
   */
  body?: Value;
  /**
   * How the answer is read; auto goes by its content type.
   */
  expect?: "auto" | "json" | "text";
  max_bytes?: number;
  /**
   * Statuses of 400 and more that are no error.
   */
  accept_status?: number[];
};
/**
 * Sends an event to whoever watches the run.
 */
export type EmitNode = NodeBase & {
  kind: "emit";
  event: "sources" | "state";
  data: Value;
  /**
   * What a `state` event is about.
   */
  path?: string;
};
/**
 * Five fields: minute, hour, day of the month, month, day of the week. Or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
 */
export type Cron = string;

export interface Credentials {
  username: string;
  password: string;
}
export interface LoginRequest {
  username: string;
  password: string;
}
export interface User {
  user_id: string;
  username: string;
  is_admin: boolean;
}
export interface LoginResult {
  /**
   * A signed JWT for the Authorization header.
   */
  access_token: string;
  token_type: "bearer";
  /**
   * Seconds.
   */
  expires_in: number;
  user: User;
}
export interface SetupState {
  /**
   * True until the first account (the administrator) exists.
   */
  needs_first_account: boolean;
  /**
   * True when anybody may make an account.
   */
  open_registration: boolean;
}
export interface CreateApiKeyRequest {
  title: string;
  /**
   * What the key may do, such as `documents:read`; without it, all that its owner may.
   *
   * @maxItems 32
   */
  scopes?: string[] | null;
  expires_at?: string | null;
}
export interface CreateApiKeyResult {
  id: string;
  /**
   * The key itself (`sk-…`), shown this once.
   */
  api_key: string;
}
export interface ApiKey {
  id: string;
  title: string;
  /**
   * The first and last characters.
   */
  preview: string;
  scopes: string[] | null;
  created_at: string;
  expires_at?: string | null;
  last_used_at?: string | null;
}
export interface ApiKeyList {
  api_keys: ApiKey[];
}
export interface ApiKeyReference {
  api_key_id: string;
}
/**
 * An input, and what must hold of the run that it begins.
 */
export interface Case {
  name: string;
  input?: {
    [k: string]: unknown;
  };
  /**
   * Results by node. Such a node, also one within others, is not done; it gives what stands here.
   */
  pinned?: {
    [k: string]: unknown;
  };
  /**
   * The longest that the run may take.
   */
  timeout_seconds?: number;
  /**
   * What must hold. Without one the run must complete.
   *
   * @maxItems 50
   */
  checks?: Check[];
}
/**
 * What every check has.
 */
export interface CheckBase {
  /**
   * A value of the toolchain language that is looked at: `{"ref": "output.answer"}`. Its roots are output, nodes, state, input, run and error.
   */
  of: unknown;
  /**
   * It must not hold.
   */
  negate?: boolean;
}
export interface RunCasesRequest {
  toolchain_id: string;
  /**
   * Null means the latest.
   */
  version?: number | null;
  /**
   * A toolchain with this id that is tested as it stands, and not saved.
   */
  draft?: {
    [k: string]: unknown;
  } | null;
  /**
   * Only these cases. Null: all.
   *
   * @maxItems 200
   */
  names?: string[] | null;
  /**
   * Answer when all have ended.
   */
  wait?: boolean;
}
export interface CaseRunReference {
  case_run_id: string;
}
export interface CaseReference {
  case_run_id: string;
  /**
   * Its place among the toolchain's tests, from 0.
   */
  number: number;
}
export interface CheckResult {
  kind: string;
  passed: boolean;
  /**
   * What was found, in words.
   */
  message: string;
  /**
   * What was to be there, cut where it is long.
   */
  expected?: unknown;
  /**
   * What is there, cut where it is long.
   */
  actual?: unknown;
  /**
   * The cosine of a `similar`.
   */
  score?: number | null;
  /**
   * Of an `equals`: where `before` was to be there and `after` is.
   */
  differences?: Difference[];
}
export interface Difference {
  /**
   * Where. Nodes and edges are named, not counted: `nodes.search.input.limit`, `edges.start->search`.
   */
  path: string;
  /**
   * `reordered`: the same things in another order; `before` and `after` are their names.
   */
  change: "added" | "removed" | "changed" | "reordered";
  before?: unknown;
  after?: unknown;
}
export interface CaseResult {
  number: number;
  name: string;
  status: CaseStatus;
  /**
   * The run that it began.
   */
  run_id: string | null;
  duration_ms: number | null;
  /**
   * Why it failed, where no check says so.
   */
  error: RunError | null;
  checks: CheckResult[];
}
export interface RunError {
  type: string;
  message: string;
  /**
   * The node that failed.
   */
  node?: string | null;
}
/**
 * Cases of a toolchain on their way, or through.
 */
export interface CaseRun {
  case_run_id: string;
  toolchain_id: string;
  /**
   * 0 for a draft that was not saved.
   */
  version: number;
  /**
   * The run of `test_toolchain` that does them.
   */
  run_id: string;
  /**
   * Of that run: while it goes on, so do the cases.
   */
  status: RunStatus;
  created_at: string;
  /**
   * In the order of the toolchain's tests.
   */
  results: CaseResult[];
}
export interface CaseTableRequest {
  toolchain_id: string;
  /**
   * So many of the newest versions.
   */
  limit?: number;
}
export interface CaseCell {
  name: string;
  status: CaseStatus;
  case_run_id: string;
  run_id: string | null;
}
export interface CaseTableRow {
  version: number;
  published: boolean;
  /**
   * Null for a shipped toolchain.
   */
  created_at: string | null;
  /**
   * The names of the cases that this version has.
   */
  cases: string[];
  /**
   * The last result of each case that has ended.
   */
  results: CaseCell[];
}
export interface CaseTable {
  /**
   * Newest version first.
   */
  rows: CaseTableRow[];
}
/**
 * How documents are cut into passages.
 */
export interface Chunking {
  /**
   * `structure`: by headings and blocks. `sentences`: whole sentences. `tokens`: windows of a fixed length. `pages`: a page each.
   */
  strategy?: "structure" | "sentences" | "tokens" | "pages";
  /**
   * The longest chunk; null: what the embedder takes, and never more.
   */
  max_tokens?: number | null;
  /**
   * What a chunk repeats of the one before, at most half of it; null: the strategy's own.
   */
  overlap_tokens?: number | null;
}
export interface CreateCollectionRequest {
  name: string;
  description?: string;
  metadata?: {
    [k: string]: unknown;
  };
  /**
   * The PostgreSQL text-search configuration for stems and stop words; `simple` has neither.
   */
  language?: string;
  /**
   * Null: by structure.
   */
  chunking?: Chunking | null;
  /**
   * The model that turns chunks into vectors; null: the built-in one.
   */
  embedder?: string | null;
}
export interface Collection {
  id: string;
  name: string;
  description: string;
  metadata: {
    [k: string]: unknown;
  };
  language: string;
  /**
   * The model that turns its chunks into vectors.
   */
  embedder: string;
  chunking: Chunking;
  /**
   * A change of embedder, language or chunking that is under way.
   */
  reindexing?: Reindexing | null;
  document_count: number;
  chunk_count: number;
  created_at: string;
  updated_at: string;
}
export interface Reindexing {
  run_id: string;
  /**
   * From 0 to 1.
   */
  progress: number;
  /**
   * The model it changes to; searches use it when all vectors are there.
   */
  embedder?: string | null;
}
export interface CollectionList {
  collections: Collection[];
}
export interface CollectionReference {
  collection_id: string;
}
export interface ModifyCollectionRequest {
  collection_id: string;
  name?: string | null;
  description?: string | null;
  metadata?: {
    [k: string]: unknown;
  } | null;
}
/**
 * What is null stays as it is; with nothing given everything is cut and embedded anew.
 */
export interface ReindexRequest {
  collection_id: string;
  chunking?: Chunking | null;
  embedder?: string | null;
  language?: string | null;
  /**
   * Only tells what it would cost.
   */
  dry_run?: boolean;
}
export interface ReindexResult {
  run_id?: string | null;
  /**
   * How many are cut anew.
   */
  documents: number;
  /**
   * How many get new vectors; about, where documents are cut anew.
   */
  chunks: number;
  /**
   * What is embedded.
   */
  tokens: number;
  /**
   * How long it will take, from the last measured speed.
   */
  seconds: number;
}
/**
 * One step of a reindexing.
 */
export interface ReindexStep {
  collection_id: string;
  /**
   * Where the step before came to.
   */
  after?: number;
  /**
   * How many documents the steps before have done.
   */
  done?: number;
}
export interface ReindexRound {
  after: number;
  done: number;
  /**
   * Whether there may be more documents.
   */
  more: boolean;
}
export interface ReindexedDocuments {
  documents: number;
}
/**
 * A request or a result without fields.
 */
export interface Empty {}
/**
 * What went wrong, in words, with the field that caused it where one did.
 */
export interface ErrorDetail {
  /**
   * The name of the error class.
   */
  type: string;
  /**
   * What happened and the way out.
   */
  message: string;
  /**
   * The input field at fault.
   */
  field?: string | null;
  request_id?: string | null;
  /**
   * Every fault at once, where a whole document was checked.
   */
  faults?: Fault[] | null;
}
export interface Fault {
  /**
   * Where, as a JSON path without the root: `nodes[2].input.query`.
   */
  path: string;
  message: string;
}
export interface CreateConversationRequest {
  title?: string;
  toolchain_id?: string;
  model?: string | null;
  /**
   * @maxItems 200
   */
  collection_ids?: string[];
}
export interface ConversationReference {
  conversation_id: string;
}
export interface ModifyConversationRequest {
  conversation_id: string;
  title?: string | null;
  toolchain_id?: string | null;
  model?: string | null;
  /**
   * @maxItems 200
   */
  collection_ids?: string[] | null;
}
export interface Conversation {
  conversation_id: string;
  title: string;
  toolchain_id: string;
  model: string | null;
  collection_ids: string[];
  created_at: string;
  updated_at: string;
}
export interface ConversationsRequest {
  limit?: number;
  /**
   * The `next_before` of the page before.
   */
  before?: string | null;
}
export interface ConversationList {
  conversations: Conversation[];
  next_before?: string | null;
}
export interface ConversationRequest {
  conversation_id: string;
  limit?: number;
  /**
   * Only messages older than this message id.
   */
  before?: string | null;
}
export interface Message {
  message_id: string;
  role: "user" | "assistant";
  content: string;
  status: MessageStatus;
  error?: string | null;
  sources: Source[];
  citations: Citation[];
  run_id?: string | null;
  created_at: string;
}
/**
 * A numbered passage that an answer may cite.
 */
export interface Source {
  /**
   * The number in the answer's `[n]`.
   */
  n: number;
  document_id: string;
  document_name: string;
  page: number;
  page_end: number;
  /**
   * Offset in the text of `page`.
   */
  start: number;
  /**
   * Offset in the text of `page_end`.
   */
  end: number;
  chunk_id: string;
  score: number;
  /**
   * The passage.
   */
  snippet: string;
}
/**
 * A mark `[n]` in an answer.
 */
export interface Citation {
  n: number;
  /**
   * Offset in the answer of the sentence or phrase that the mark supports.
   */
  start: number;
  /**
   * Offset after the mark.
   */
  end: number;
}
/**
 * The body of POST /v1/query.
 */
export interface QueryRequest {
  query: string;
  conversation_id?: string | null;
  stream?: boolean;
  top_k?: number;
  /**
   * @maxItems 200
   */
  collection_ids?: string[] | null;
  /**
   * @maxItems 1000
   */
  document_ids?: string[] | null;
  /**
   * A date in ISO 8601; without a time zone it is UTC.
   */
  uploaded_after?: string | null;
  /**
   * A date in ISO 8601; without a time zone it is UTC.
   */
  uploaded_before?: string | null;
  /**
   * Instead of the conversation's own or `rag`.
   */
  toolchain_id?: string | null;
  model?: string | null;
}
/**
 * What POST /v1/query answers with `stream: false`.
 */
export interface QueryAnswer {
  conversation_id: string;
  message_id: string;
  run_id: string;
  answer: string;
  sources: Source[];
  citations: Citation[];
  usage: Usage;
}
export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}
/**
 * One turn as the OpenAI wire format writes it.
 */
export interface ChatMessage {
  role: string;
  content: string;
  [k: string]: unknown;
}
export interface IsolateRequest {
  question: string;
  history?: ChatMessage[];
  model?: string | null;
}
export interface IsolateResult {
  /**
   * The question so that it is understood without the history.
   */
  question: string;
}
export interface Document {
  id: string;
  collection_id: string;
  name: string;
  content_type: string;
  /**
   * Bytes of the original file.
   */
  size: number;
  sha256: string;
  status: DocumentStatus;
  /**
   * Why it failed, in words.
   */
  error?: string | null;
  /**
   * What is being done now: parsing, expanding, chunking, indexing, embedding, storing.
   */
  stage?: string | null;
  /**
   * From 0 to 1 over all stages.
   */
  progress: number;
  page_count: number;
  chunk_count: number;
  metadata: {
    [k: string]: unknown;
  };
  /**
   * The run that ingested it.
   */
  run_id?: string | null;
  /**
   * `words` as soon as it is read, `meaning` when its vectors are there.
   */
  searchable_by?: ("words" | "meaning")[];
  /**
   * How many contents it has had that could be read.
   */
  version?: number;
  /**
   * Where it comes from: a path, a URL, a member of an archive.
   */
  source?: string | null;
  /**
   * What could not be read of it.
   */
  warnings?: string[];
  /**
   * A newer content, or the same cut or embedded anew, on its way; until it is there the old one is searched.
   */
  update?: DocumentUpdate | null;
  created_at: string;
  indexed_at?: string | null;
}
export interface DocumentUpdate {
  status: "pending" | "indexing" | "failed";
  error?: string | null;
  stage?: string | null;
  progress: number;
  run_id?: string | null;
}
export interface DocumentReference {
  document_id: string;
}
export interface DocumentPageRequest {
  document_id: string;
  page?: number;
}
/**
 * The text of one page, whose offsets the chunks refer to.
 */
export interface DocumentPage {
  document_id: string;
  page: number;
  page_count: number;
  text: string;
  /**
   * In points, or pixels of an image; null where a page has no shape.
   */
  width?: number | null;
  height?: number | null;
  /**
   * Where its lines stand.
   */
  lines?: Line[];
}
/**
 * Characters of a page's text and the box around them, in fractions of the page from its upper left corner.
 */
export interface Line {
  start: number;
  end: number;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}
/**
 * A part of a page, in fractions of it from its upper left corner.
 */
export interface Box {
  page: number;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}
export interface CollectionDocumentsRequest {
  collection_id: string;
  limit?: number;
  /**
   * Only documents older than this document id (keyset paging).
   */
  before?: string | null;
  /**
   * Only those that `fetch_document_counts` counts there.
   */
  state?: DocumentState | null;
}
export interface DocumentList {
  documents: Document[];
  /**
   * Give it as `before` to read on; null at the end.
   */
  next_before?: string | null;
}
/**
 * A collection's documents by their state.
 */
export interface DocumentCounts {
  /**
   * All of them.
   */
  documents: number;
  /**
   * Those that wait for their ingestion or are in it, or a newer content of theirs.
   */
  underway: number;
  /**
   * Those that can be searched, a newer content under way or not.
   */
  complete: number;
  /**
   * Those whose ingestion failed, or that of their newer content.
   */
  failed: number;
  /**
   * Those of which something could not be read.
   */
  warnings: number;
  /**
   * How far those under way are, from 0 to 1; null when none is.
   */
  progress?: number | null;
}
/**
 * The form fields beside `file`; the key comes from the header `Idempotency-Key`.
 */
export interface UploadRequest {
  collection_id: string;
  metadata?: {
    [k: string]: unknown;
  };
  /**
   * A document whose content this is to become. The old one is searched until then.
   */
  document_id?: string | null;
  /**
   * Where it comes from. A later upload with the same one is a new content of the same document.
   */
  source?: string | null;
  /**
   * Higher ones are ingested first.
   */
  priority?: number;
  idempotency_key?: string | null;
}
export interface UploadResult {
  document_id: string;
  run_id: string;
  /**
   * The document has this content already; nothing was to be done.
   */
  unchanged?: boolean;
}
export interface RetriedDocuments {
  /**
   * Those that are ingested once more.
   */
  document_ids: string[];
}
export interface ChunkReference {
  chunk_id: string;
}
export interface Chunk {
  chunk_id: string;
  document_id: string;
  document_name: string;
  /**
   * Position within the document, from 0.
   */
  ordinal: number;
  /**
   * The page it begins on, from 1.
   */
  page: number;
  /**
   * The page it ends on.
   */
  page_end: number;
  /**
   * Offset of its first character in the text of `page`.
   */
  start: number;
  /**
   * Offset after its last character in the text of `page_end`.
   */
  end: number;
  text: string;
  token_count: number;
  /**
   * The headings above it, outermost first.
   */
  headings: string[];
  /**
   * Its lines on its pages, where pages have a shape.
   */
  boxes?: Box[];
}
export interface DocumentChunksRequest {
  document_id: string;
  /**
   * Only chunks behind the one with this ordinal (keyset paging).
   */
  after?: number;
  limit?: number;
}
/**
 * Some of a document's chunks, in its order.
 */
export interface DocumentChunks {
  document_id: string;
  document_name: string;
  /**
   * Of the whole document.
   */
  chunk_count: number;
  chunks: Chunk[];
  /**
   * The chunks as text for a prompt, each in `<source n="1" …>`, numbered by their ordinal from 1.
   */
  context: string;
  /**
   * Give it as `after` to read on; null at the end.
   */
  next_after?: number | null;
}
/**
 * One step of an ingestion; what it made lies in the run's scratch space.
 */
export interface IngestStep {
  document_id: string;
}
export interface IngestStepResult {
  document_id: string;
  page_count: number;
  chunk_count: number;
  /**
   * Its members become documents of their own.
   */
  is_archive?: boolean;
  /**
   * Documents have not begun for which there was no turn.
   */
  others_wait?: boolean;
}
export interface SaveDraftRequest {
  /**
   * A UUID that whoever begins the draft makes up.
   */
  draft_id: string;
  /**
   * The toolchain that it is to be a version of; null for a new one.
   */
  toolchain_id: string | null;
  /**
   * The version that it began as.
   */
  base_version?: number | null;
  /**
   * The revision that the caller knows of; 0 for none.
   */
  revision?: number;
  /**
   * The draft. It may have any faults.
   */
  toolchain: {
    [k: string]: unknown;
  };
}
export interface SavedDraft {
  draft_id: string;
  revision: number;
  updated_at: string;
}
export interface DraftsRequest {
  /**
   * Only those of this toolchain.
   */
  toolchain_id?: string | null;
}
export interface DraftSummary {
  draft_id: string;
  toolchain_id: string | null;
  title: string;
  base_version: number | null;
  revision: number;
  updated_at: string;
}
export interface DraftList {
  /**
   * That which was written last first.
   */
  drafts: DraftSummary[];
}
export interface DraftReference {
  draft_id: string;
}
export interface SetProviderRequest {
  /**
   * Its models are called `<name>/<model>`.
   */
  name: ProviderName;
  /**
   * It ends before `/chat/completions`.
   */
  base_url: string;
  /**
   * Sent as the bearer. Left out, the key from before stays, if the address does too.
   */
  api_key?: string | null;
  /**
   * Further headers of every request, such as `api-key`. Left out, those from before stay.
   */
  headers?: {
    [k: string]: string;
  } | null;
  /**
   * What its models cost, by the provider's own names of them. Left out, those from before stay.
   */
  prices?: {
    [k: string]: Price;
  } | null;
  /**
   * For everybody; only administrators may.
   */
  shared?: boolean;
}
/**
 * What a model's tokens cost, so that the cost of nodes and runs can be told.
 */
export interface Price {
  /**
   * A million tokens of prompts.
   */
  input: number;
  /**
   * A million tokens of answers.
   */
  output: number;
  /**
   * As ISO 4217 has it: `EUR`.
   */
  currency: string;
}
export interface ProviderReference {
  name: ProviderName;
  shared?: boolean;
}
export interface Provider {
  name: string;
  base_url: string;
  shared: boolean;
  /**
   * The key's first and last characters; the key itself is never told.
   */
  preview: string;
  header_names: string[];
  prices: {
    [k: string]: Price;
  };
  updated_at: string;
}
export interface ProviderList {
  providers: Provider[];
}
export interface ModelRoute {
  /**
   * What callers ask for: a name of one's own, or a model, to give it fallbacks and defaults.
   */
  name: string;
  /**
   * The model that answers.
   */
  model: string;
  /**
   * Asked in this order when it fails before its first byte: 5xx, 429, no answer, left alone after failures.
   *
   * @maxItems 8
   */
  fallbacks?: string[];
  /**
   * Fields of the request that are filled in where they were left out: `{"temperature": 0.2}`.
   */
  defaults?: {
    [k: string]: unknown;
  };
}
export interface ModelRouteReference {
  name: string;
}
export interface ModelRouteList {
  routes: ModelRoute[];
}
/**
 * How much may be asked of models; what is null is not limited. All that concern a request hold at once.
 */
export interface UsageLimit {
  /**
   * `each_user` holds for every user who has no limits of their own.
   */
  kind: LimitKind;
  /**
   * The user's name, the API key's id, or the model; empty for `each_user`.
   */
  subject?: string;
  requests_per_minute?: number | null;
  tokens_per_minute?: number | null;
  /**
   * A day begins at midnight UTC.
   */
  tokens_per_day?: number | null;
  concurrent_requests?: number | null;
}
export interface UsageLimitList {
  limits: UsageLimit[];
}
export interface FetchUsageRequest {
  /**
   * The last 24 hours where it is left out.
   */
  from?: string | null;
  to?: string | null;
  /**
   * @maxItems 5
   */
  group_by?: ("hour" | "day" | "user" | "api_key" | "model")[];
  /**
   * Of all users; only administrators may.
   */
  all_users?: boolean;
}
/**
 * A sum; what was not grouped by is null.
 */
export interface UsageRow {
  time?: string | null;
  username?: string | null;
  /**
   * Null for log-ins.
   */
  api_key_id?: string | null;
  /**
   * Null for a key that has been deleted.
   */
  api_key_title?: string | null;
  model?: string | null;
  requests: number;
  /**
   * Of the requests
   */
  failed: number;
  /**
   * Of the requests
   */
  estimated: number;
  tokens_in: number;
  tokens_out: number;
  /**
   * Of the tokens in, those that came from the provider's cache.
   */
  tokens_cached: number;
}
export interface UsageReport {
  usage: UsageRow[];
}
/**
 * The files models.yaml and added_models.yaml.
 */
export interface ModelFile {
  /**
   * @maxItems 500
   */
  models?: ModelEntry[];
  /**
   * What `modify_model` set, of whatever model; later ones win.
   *
   * @maxItems 500
   */
  changes?: ModelChange[];
}
/**
 * A model that an operator adds. A relative `source` begins at the file's folder.
 */
export interface ModelEntry {
  id: string;
  kind: ModelKind;
  /**
   * `remote`: at `OPENAI_BASE_URL`; the others: in a process of this machine.
   */
  engine: "onnx" | "vllm" | "llamacpp" | "transformers" | "colpali" | "remote";
  /**
   * For `onnx` a folder with tokenizer.json, config.json and model.safetensors or model.onnx, or the name of the built-in embedder for its weights; for `remote` the provider's name of the model.
   */
  source: string;
  description?: string;
  /**
   * Length of its vectors. An embedder of `remote` must tell; elsewhere the model's own files do.
   */
  dimensions?: number | null;
  /**
   * Longest input in tokens, at most what the model has places for, which it is when left out.
   */
  max_tokens?: number | null;
  /**
   * How an embedder's token vectors become one.
   */
  pooling?: "mean" | "cls";
  /**
   * Whether vectors are brought to length 1.
   */
  normalise?: boolean;
  /**
   * What the model wants before a query: `query: `.
   */
  query_prefix?: string;
  passage_prefix?: string;
  dtype?: Precision;
  /**
   * What is the engine's own. `onnx`: `threads`, the cores that it may use.
   */
  engine_args?: {
    [k: string]: unknown;
  };
  /**
   * Tokens that prompt and answer may have together; the model's own limit when left out.
   */
  context?: number | null;
  /**
   * Loaded at the start and kept in memory whatever others want.
   */
  pin?: boolean;
  /**
   * Its memory is given back when nobody has used it for so long; when left out, when others want it.
   */
  ttl_seconds?: number | null;
  /**
   * It is loaded before models of a lower one, and does not give way to them in the minute after its last use.
   */
  priority?: number;
  /**
   * The most it may take on each device, in MiB: an engine that fills what it is given takes no more, and a model whose files do not tell what it needs is taken to need it.
   */
  memory_mb?: number | null;
  /**
   * Where it may be loaded; anywhere when left out.
   *
   * @maxItems 64
   */
  devices?: DeviceId[];
  /**
   * What is done first when its memory is wanted, by engines that can: 1 keeps the weights in the machine's memory, 2 keeps the process alone, 0 ends it.
   */
  sleep?: number;
  /**
   * Adapters of a chat model, each called by a name of its own; for engines that can.
   *
   * @maxItems 64
   */
  lora?: LoraEntry[];
  limits?: ModelLimits | null;
  price?: Price | null;
}
export interface LoraEntry {
  id: string;
  source: string;
}
export interface ModelLimits {
  /**
   * Requests that it works on at once.
   */
  requests?: number | null;
  /**
   * The longest load.
   */
  load_seconds?: number | null;
}
/**
 * What is set anew; what is left out stays. A `ttl_seconds` of null is none.
 */
export interface ModelChange {
  model: string;
  pin?: boolean;
  ttl_seconds?: number | null;
  priority?: number;
}
export interface Model {
  id: string;
  kind: ModelKind;
  /**
   * `extractive`, or one of the engines of a models.yaml entry.
   */
  engine: string;
  state: ModelState;
  /**
   * Measured, in MiB: the memory of its processes on all devices; 0 when it has none.
   */
  memory_mb: number;
  /**
   * What it was thought to need before it was loaded.
   */
  estimated_mb?: number | null;
  /**
   * `cpu`, `gpu0`, `gpu0,gpu1`; `remote` for a provider's model.
   */
  device: string;
  /**
   * Length of its vectors.
   */
  dimensions?: number | null;
  /**
   * Longest input in tokens.
   */
  max_tokens?: number | null;
  /**
   * What a model of this machine computes with; null where that is not known.
   */
  precision?: Precision | null;
  /**
   * How long its last load took.
   */
  load_seconds?: number | null;
  /**
   * Why it failed, in words.
   */
  error?: string | null;
  /**
   * What is not as it was asked for, a smaller context for example.
   */
  notice?: string | null;
  description?: string;
  /**
   * Tokens that prompt and answer may have together.
   */
  context?: number | null;
  pin?: boolean;
  ttl_seconds?: number | null;
  priority?: number;
  /**
   * The model that this one is, with an adapter; they come and go together.
   */
  adapter_of?: string | null;
  /**
   * Null where it is not known.
   */
  price?: Price | null;
  /**
   * Whether `add_model` made it and `remove_model` can take it away.
   */
  added?: boolean;
  leases?: LeaseHolder[];
  /**
   * Leases that wait for it.
   */
  waiting?: number;
  /**
   * How long the first of them has waited.
   */
  waiting_seconds?: number;
  /**
   * Since it was last used; null when it is not loaded.
   */
  idle_seconds?: number | null;
  /**
   * Of a load
   */
  progress?: number | null;
  /**
   * After a failure: when it may be tried again.
   */
  retry_seconds?: number | null;
}
export interface LeaseHolder {
  /**
   * Which process of the platform: `server`, `worker`, an engine.
   */
  holder: string;
  since: string;
  /**
   * Requests of its that are under way.
   */
  in_flight: number;
  /**
   * Whether it was asked back and only finishes its requests.
   */
  recalled: boolean;
}
export interface ModelList {
  models: Model[];
  /**
   * What is wrong in models.yaml; the entries concerned are left out.
   */
  faults?: Fault[];
}
export interface ModelReference {
  model: string;
}
export interface Device {
  id: string;
  kind: "cpu" | "gpu";
  /**
   * What this machine or its container may use.
   */
  total_mb: number;
  used_mb: number;
  free_mb: number;
  /**
   * What the models' processes hold now.
   */
  models_mb: number;
  /**
   * What models may take of it.
   */
  budget_mb?: number | null;
  /**
   * What loads under way will take.
   */
  planned_mb?: number;
  models?: ModelShare[];
}
export interface ModelShare {
  model: string;
  memory_mb: number;
}
export interface MemoryPoint {
  at: string;
  device: string;
  used_mb: number;
  models_mb: number;
}
export interface Memory {
  devices: Device[];
  models: Model[];
  /**
   * The last loads, newest first.
   */
  loads: LoadRecord[];
  /**
   * The last hour, oldest first.
   */
  history?: MemoryPoint[];
}
/**
 * What a load cost, as measured.
 */
export interface LoadRecord {
  model: string;
  at: string;
  seconds: number;
  /**
   * Resident memory of the engine's process before it read the weights.
   */
  rss_before_mb: number;
  rss_after_mb: number;
}
export interface ModelLogRequest {
  model: string;
  /**
   * How many, the last ones.
   */
  lines?: number;
}
export interface ModelLog {
  model: string;
  lines: string[];
  /**
   * Earlier lines of the model's engines that are not kept.
   */
  dropped: number;
}
export interface ModelRemoved {
  model: string;
}
/**
 * Of `GET /api/models/events`: first `models` and `memory`, then what changes.
 */
export interface ModelEvent {
  name: "models" | "model" | "removed" | "memory";
  models?: ModelList | null;
  model?: Model | null;
  removed?: string | null;
  memory?: Memory | null;
}
export interface PageDefinition {
  /**
   * Left empty: the toolchain's.
   */
  title?: string;
  width?: "narrow" | "normal" | "wide";
  /**
   * Values of the page's own, which live as long as the page is open.
   */
  session?: {
    [k: string]: SessionKey;
  };
  /**
   * What stands on it, from top to bottom.
   *
   * @maxItems 200
   */
  elements: PageElement[];
}
export interface SessionKey {
  type: "string" | "integer" | "number" | "boolean" | "object" | "array" | "any";
  /**
   * What it holds at first.
   */
  default?: unknown;
}
/**
 * What every element has.
 */
export interface ElementBase {
  id: ElementId;
  /**
   * Shown only while this is something: neither null, false, 0 nor empty. Left out: always.
   */
  when?: PageValue;
}
export interface PageTab {
  title: string;
  /**
   * @maxItems 200
   */
  children: PageElement[];
}
/**
 * Runs the toolchain on the page's thread, with what the page's components wrote into `input` and with `input` over it.
 */
export interface RunAction {
  do: "run";
  input?: {
    [k: string]: PageValue;
  };
}
/**
 * Gives a node what it waits for, so that the run goes on there. Nothing happens while it does not wait.
 */
export interface AnswerAction {
  do: "answer";
  /**
   * An `approval`, or a `wait` for an event.
   */
  node: string;
  value?: PageValue;
}
/**
 * Writes a value.
 */
export interface SetAction {
  do: "set";
  to: Target;
  value: PageValue;
}
/**
 * Ends the run that goes on.
 */
export interface CancelAction {
  do: "cancel";
}
/**
 * Leaves the thread and begins a new one, with all values as they were at first.
 */
export interface RestartAction {
  do: "restart";
}
/**
 * Tells the person something.
 */
export interface NotifyAction {
  do: "notify";
  message: PageValue;
}
export interface PageColumn {
  /**
   * A path in the row, `metadata.author`.
   */
  field: string;
  title?: string;
}
export interface PullOrder {
  /**
   * Its name at the hub, `owner/name`.
   */
  source: string;
  /**
   * A branch, tag or commit.
   */
  revision?: string;
  /**
   * Patterns of the files wanted, such as `*Q4_K_M.gguf`; without any, those that its engine reads. Only weights as safetensors, GGUF or ONNX, JSON and tokenizers' files are taken, never pickles or code.
   *
   * @maxItems 50
   */
  files?: string[];
}
export interface Pull {
  id: string;
  source: string;
  /**
   * The commit that it is pulled at.
   */
  revision: string;
  state: PullState;
  bytes_done: number;
  bytes_total: number;
  files_done: number;
  files_total: number;
  /**
   * The file that is on its way.
   */
  file?: string;
  /**
   * Why it failed, in words.
   */
  error?: string | null;
  /**
   * Where it lies once it is done: the `source` for models.yaml and add_model.
   */
  folder: string;
}
export interface PullList {
  /**
   * Those since the runner started, newest first.
   */
  pulls: Pull[];
}
export interface PullReference {
  pull_id: string;
}
export interface RunToolchainRequest {
  toolchain_id: string;
  version?: number | null;
  /**
   * A toolchain with this id that is run as it stands, and not saved. The run's version is 0.
   */
  draft?: {
    [k: string]: unknown;
  } | null;
  /**
   * Results by node. Such a node, also one within others, is not done; it gives what stands here.
   */
  pinned?: {
    [k: string]: unknown;
  };
  input?: {
    [k: string]: unknown;
  };
  thread_id?: string | null;
  /**
   * Answer when the run has ended.
   */
  wait?: boolean;
  idempotency_key?: string | null;
  /**
   * Among queued runs the higher is taken first.
   */
  priority?: number;
}
export interface RunNodeRequest {
  /**
   * A toolchain as JSON, which need not be saved.
   */
  toolchain: {
    [k: string]: unknown;
  };
  /**
   * The node to do, also one within a map or a loop.
   */
  node: string;
  /**
   * The input of the whole run; it is not checked.
   */
  input?: {
    [k: string]: unknown;
  };
  /**
   * State keys as the node finds them; those left out are as at the beginning of a run.
   */
  state?: {
    [k: string]: unknown;
  } | null;
  /**
   * What other nodes gave, by their ids.
   */
  results?: {
    [k: string]: unknown;
  };
  /**
   * The round in which a node within others is done.
   */
  round?: Round | null;
  /**
   * Answer when the run has ended.
   */
  wait?: boolean;
}
/**
 * What a node within a map or a loop finds of the round that it is done in.
 */
export interface Round {
  /**
   * In a map: the element.
   */
  item?: unknown;
  /**
   * The round of the innermost map or loop, from 0.
   */
  index?: number;
  /**
   * In a loop: what the round before gave.
   */
  last?: unknown;
}
export interface RunStepRequest {
  run_id: string;
  /**
   * A node's id, which means the last time that it was done, or its place in the run: `each[3].node`.
   */
  node: string;
  /**
   * Other nodes whose results are wanted as this one found them.
   *
   * @maxItems 1000
   */
  results?: string[];
  /**
   * State keys that are wanted as it found them.
   *
   * @maxItems 1000
   */
  state?: string[];
}
/**
 * What a node of a run was done on, and what it gave.
 */
export interface RunStep {
  run_id: string;
  /**
   * Where in the run it was done; null when the run has not come to it.
   */
  place: string | null;
  /**
   * The checkpoint before it; the last one when the run has not come to it.
   */
  checkpoint_id: string;
  /**
   * The run's input.
   */
  input: {
    [k: string]: unknown;
  };
  /**
   * By node, as far as they had ended.
   */
  results: {
    [k: string]: unknown;
  };
  state: {
    [k: string]: unknown;
  };
  /**
   * Its round, as far as the record tells it; null for a node that is not within others.
   */
  round: Round | null;
  /**
   * What it gave; null while it has not ended, and for kinds that work for no result.
   */
  result: unknown;
}
export interface RunToolchainResult {
  run_id: string;
  thread_id: string;
  status: RunStatus;
  output?: {
    [k: string]: unknown;
  } | null;
  error?: RunError | null;
  /**
   * What a waiting run waits for.
   */
  pauses?: Pause[];
}
/**
 * Something that a run waits for.
 */
export interface Pause {
  /**
   * The node's place in the run, as in its events.
   */
  node: string;
  kind: "approval" | "event" | "time";
  title?: string;
  event?: string | null;
  message?: unknown;
  /**
   * A JSON Schema of the value to resume with.
   */
  form?: {
    [k: string]: unknown;
  } | null;
  /**
   * When the run goes on by itself.
   */
  until?: string | null;
}
export interface ResumeRunRequest {
  run_id: string;
  /**
   * What was waited for, checked against the pause's form.
   */
  value?: unknown;
  /**
   * Which pause is meant; needed when there are several.
   */
  node?: string | null;
  /**
   * Answer when the run has ended or pauses again.
   */
  wait?: boolean;
}
export interface CheckpointsRequest {
  run_id: string;
  /**
   * Only this one, with its state however large.
   */
  checkpoint_id?: string | null;
  /**
   * Only those after this checkpoint.
   */
  after?: string | null;
  limit?: number;
}
export interface RunStateRequest {
  run_id: string;
  /**
   * Only these state keys; null: all.
   *
   * @maxItems 1000
   */
  keys?: string[] | null;
}
/**
 * What a run's state holds after its last recorded step.
 */
export interface RunState {
  run_id: string;
  state: {
    [k: string]: unknown;
  };
  /**
   * The places of the nodes whose writes it holds, the last 1000.
   */
  nodes: string[];
}
/**
 * Where a run was after a step.
 */
export interface Checkpoint {
  checkpoint_id: string;
  /**
   * 0 is the beginning; then one by one.
   */
  step: number;
  /**
   * The node that had just ended; null at the beginning and for a fork's edit.
   */
  node: string | null;
  /**
   * The node's kind; `start` at the beginning, `edit` for what a fork changed.
   */
  kind: string;
  at: string;
  duration_ms?: number | null;
  /**
   * All state keys; null where it is too large for a list.
   */
  state: {
    [k: string]: unknown;
  } | null;
  /**
   * The node's result; null where it is too large for a list.
   */
  result: unknown;
}
export interface CheckpointList {
  run_id: string;
  /**
   * Oldest first.
   */
  checkpoints: Checkpoint[];
  next_after?: string | null;
}
export interface ForkRunRequest {
  run_id?: string | null;
  checkpoint_id: string;
  /**
   * State keys to set before the fork goes on.
   */
  state?: {
    [k: string]: unknown;
  } | null;
  /**
   * A toolchain to go on with in the place of the one that was run, and not saved.
   */
  draft?: {
    [k: string]: unknown;
  } | null;
  /**
   * Results by node, as in run_toolchain. Null means as in the run that is forked.
   */
  pinned?: {
    [k: string]: unknown;
  } | null;
  wait?: boolean;
}
/**
 * Where the time of a run went, in milliseconds; work side by side counts each.
 */
export interface TimeAccount {
  /**
   * From being asked for until a process took it.
   */
  queue_ms: number;
  compile_ms: number;
  /**
   * In nodes, without the wait for models.
   */
  nodes_ms: number;
  /**
   * Waiting for models.
   */
  model_ms: number;
  /**
   * Storing what steps gave.
   */
  checkpoint_ms: number;
  /**
   * Waiting for people and events.
   */
  paused_ms: number;
  /**
   * The rest of the total: the graph, the events, the end.
   */
  other_ms: number;
  total_ms: number;
}
export interface RunReference {
  run_id: string;
}
export interface RunsRequest {
  limit?: number;
  /**
   * Only runs older than this run id.
   */
  before?: string | null;
  toolchain_id?: string | null;
  /**
   * Only the runs of this thread.
   */
  thread_id?: string | null;
  status?: RunStatus | null;
}
export interface Run {
  run_id: string;
  thread_id: string;
  toolchain_id: string;
  /**
   * 0 for a draft that was not saved.
   */
  toolchain_version: number;
  status: RunStatus;
  /**
   * How often a worker has picked it up.
   */
  attempts: number;
  error?: RunError | null;
  /**
   * What a waiting run waits for.
   */
  pauses?: Pause[];
  created_at: string;
  started_at?: string | null;
  finished_at?: string | null;
}
export interface RunList {
  runs: Run[];
  next_before?: string | null;
}
export interface NodeRun {
  /**
   * Its place: `node`, or within others `each[3].node`.
   */
  node: string;
  kind: string;
  status: "running" | "completed" | "failed" | "skipped" | "waiting";
  started_at: string;
  duration_ms?: number | null;
  input?: unknown;
  output?: unknown;
  error?: string | null;
}
export interface RunEvent {
  /**
   * The SSE `id:`, monotone per run, from 1.
   */
  sequence: number;
  event: RunEventName;
  /**
   * run_started `{run_id, toolchain_id}`; node_started `{node, kind, input}`; node_finished `{node, duration_ms, output, error?}`; state `{node, path, value}`; delta `{node, path, text}`; sources `{node, sources}`; citation `{n, start, end}`; waiting `{pauses}`; run_finished `{output, duration_ms, time}`; run_failed `{error}`; run_cancelled `{}`.
   */
  data: {
    [k: string]: unknown;
  };
  at: string;
}
/**
 * A condition as data. Either `all`, `any` or `not` over other conditions, or `field`, `op` and `value`. Fields: `document.id`, `document.name`, `document.content_type`, `document.size`, `document.page_count`, `document.created_at`, `document.source`, `chunk.page`, `chunk.token_count`, `chunk.headings`, `collection.id`, and `metadata` or `metadata.<path>` with dots into the document's metadata. What is not there fulfils only `ne`, `not` and `missing`.
 */
export interface Condition {
  /**
   * @minItems 1
   * @maxItems 50
   */
  all?: Condition[] | null;
  /**
   * @minItems 1
   * @maxItems 50
   */
  any?: Condition[] | null;
  not?: Condition | null;
  field?: string | null;
  op?: Operator | null;
  /**
   * What the field is compared with. A list for `in`, `has_keys`, `has_any_key` and `between`; a string in ISO 8601 for dates.
   */
  value?: unknown;
}
/**
 * Narrows a search; everything that is given must hold.
 */
export interface SearchFilter {
  /**
   * @maxItems 1000
   */
  document_ids?: string[] | null;
  /**
   * A date in ISO 8601; without a time zone it is UTC.
   */
  uploaded_after?: string | null;
  /**
   * A date in ISO 8601; without a time zone it is UTC.
   */
  uploaded_before?: string | null;
  where?: Condition | null;
}
/**
 * How the scores of two lanes become one.
 */
export interface Fusion {
  /**
   * `convex`: each lane's scores brought to 0…1, then a weighted sum. `rrf`: reciprocal ranks.
   */
  method?: "convex" | "rrf";
  /**
   * The weight of meaning; words have the rest.
   */
  dense_weight?: number;
  rrf_k?: number;
}
/**
 * The best candidates are scored anew by a cross-encoder.
 */
export interface Rerank {
  model: string;
  candidates?: number;
}
export interface SearchRequest {
  /**
   * Words, `"phrases"~slop^boost`, `word^2`, `field:value`, `md.key:value`, `-without`.
   */
  query: string;
  /**
   * False: the query is a text, in which signs and colons mean nothing.
   */
  syntax?: boolean;
  /**
   * Collections of the caller; none means all of them.
   *
   * @maxItems 200
   */
  collection_ids: string[];
  limit?: number;
  filter?: SearchFilter | null;
  /**
   * Null: convex, half each.
   */
  fusion?: Fusion | null;
  /**
   * How many of each lane enter the fusion.
   */
  candidates?: number;
  rerank?: Rerank | null;
  /**
   * At most so many hits of one document.
   */
  per_document?: number | null;
  /**
   * So many chunks before and after each hit come with it.
   */
  neighbours?: number;
  /**
   * Each hit gets its best part of about this length.
   */
  snippet_characters?: number | null;
  explain?: boolean;
}
/**
 * Characters of a text, from `start` to before `end`.
 */
export interface Span {
  start: number;
  end: number;
}
export interface Snippet {
  text: string;
  /**
   * Where it begins in the hit's text.
   */
  start: number;
  /**
   * Matched words, in the snippet's text.
   */
  highlights: Span[];
}
/**
 * What every lane and stage made of a hit; null where it did not find it.
 */
export interface HitExplanation {
  bm25_rank?: number | null;
  bm25_normalised?: number | null;
  dense_rank?: number | null;
  dense_normalised?: number | null;
  fused?: number | null;
  reranked?: number | null;
  /**
   * What each term gave to the BM25 score.
   */
  terms?: {
    [k: string]: number;
  };
}
export interface SearchHit {
  chunk_id: string;
  document_id: string;
  document_name: string;
  collection_id: string;
  page: number;
  page_end: number;
  start: number;
  end: number;
  text: string;
  headings: string[];
  /**
   * What the hits are ordered by.
   */
  score: number;
  bm25_score?: number | null;
  /**
   * Cosine similarity.
   */
  dense_score?: number | null;
  rerank_score?: number | null;
  metadata: {
    [k: string]: unknown;
  };
  /**
   * Texts of the chunks before it, in order.
   */
  before?: string[];
  after?: string[];
  snippet?: Snippet | null;
  explanation?: HitExplanation | null;
}
export interface LaneExplanation {
  /**
   * Which way answered: of words `memory` or `loaded`, with `, walked` where a filter was asked; of meaning `exact` or `graph`; `none`.
   */
  path: string;
  candidates: number;
  ms: number;
  details?: {
    [k: string]: unknown;
  };
}
export interface SearchExplanation {
  /**
   * The query as it was understood: meaning, optional, required, excluded.
   */
  query: {
    [k: string]: unknown;
  };
  lanes: {
    [k: string]: LaneExplanation;
  };
  /**
   * Milliseconds of scope, lanes, rerank, hits, snippets, explain.
   */
  stages_ms: {
    [k: string]: number;
  };
}
export interface SearchResult {
  hits: SearchHit[];
  explanation?: SearchExplanation | null;
}
export interface CiteRequest {
  /**
   * @maxItems 100
   */
  hits: SearchHit[];
  /**
   * Sources that have their numbers already; a hit that is among them keeps its own, the others come after them.
   *
   * @maxItems 999
   */
  known?: Source[];
  token_budget?: number;
}
export interface CiteResult {
  /**
   * The known ones and those of the hits, by number.
   */
  sources: Source[];
  /**
   * The hits as text for a prompt, each in `<source n="1" …>`.
   */
  context: string;
}
/**
 * What a client sends. Beside these fields stand those of the request: `auth` SocketToken, `run` RunToolchainRequest, `follow` and `unfollow` FollowRequest, `resume` ResumeRunRequest, `cancel` RunReference, `ping` none.
 */
export interface SocketRequest {
  type: "auth" | "run" | "follow" | "unfollow" | "resume" | "cancel" | "ping";
  /**
   * Comes back with the answer.
   */
  request_id?: string | null;
  [k: string]: unknown;
}
export interface SocketToken {
  /**
   * An API key, or the token of a log-in.
   */
  token: string;
}
export interface FollowRequest {
  run_id: string;
  /**
   * The id of the last event seen.
   */
  after?: number;
}
/**
 * An event of a followed run, as SSE tells it.
 */
export interface SocketEvent {
  type: "event";
  run_id: string;
  /**
   * Monotone per run.
   */
  id: number;
  event: RunEventName;
  data: {
    [k: string]: unknown;
  };
}
/**
 * A followed run has ended; all of its events were told.
 */
export interface SocketEnd {
  type: "end";
  run_id: string;
}
/**
 * What a request gave.
 */
export interface SocketResult {
  type: "result";
  request_id?: string | null;
  result: {
    [k: string]: unknown;
  };
}
/**
 * A request was refused, or a run can no longer be followed.
 */
export interface SocketProblem {
  type: "error";
  request_id?: string | null;
  run_id?: string | null;
  error: ErrorDetail;
}
export interface IngestUrlRequest {
  /**
   * Of a file or page; it is the document's `source`.
   */
  url: string;
  collection_id: string;
  metadata?: {
    [k: string]: unknown;
  };
  /**
   * Higher ones are ingested first.
   */
  priority?: number;
}
export interface SourceContent {
  source: string;
  sha256: string;
}
export interface MatchContentsRequest {
  collection_id: string;
  /**
   * @minItems 1
   * @maxItems 1000
   */
  contents: SourceContent[];
}
export interface ContentMatch {
  source: string;
  /**
   * The document has this content, or it is on its way.
   */
  unchanged: boolean;
  document?: Document | null;
  /**
   * Of an archive that was unpacked.
   */
  members?: MemberTally | null;
}
/**
 * How far the documents of an archive's members are, with those of archives in it.
 */
export interface MemberTally {
  total: number;
  /**
   * On their way, as a whole or with a newer content.
   */
  at_work: number;
  failed: number;
  /**
   * The first 20.
   */
  failures: FailedMember[];
}
export interface FailedMember {
  source: string;
  error: string;
}
export interface ContentMatches {
  matches: ContentMatch[];
}
export interface CrawlSiteRequest {
  /**
   * Where it begins.
   */
  url: string;
  collection_id: string;
  /**
   * How many links away from the beginning.
   */
  depth?: number;
  /**
   * `host`: the same host and port. `path`: of it only what lies below the beginning's folder. `subdomains`: those of the host too.
   */
  scope?: "host" | "path" | "subdomains";
  max_pages?: number;
  /**
   * Pages a second.
   */
  rate?: number;
  /**
   * Whether robots.txt, `noindex` and `nofollow` are obeyed.
   */
  robots?: boolean;
  metadata?: {
    [k: string]: unknown;
  };
  /**
   * Of the pages' ingestion.
   */
  priority?: number;
}
export interface StartedRun {
  run_id: string;
}
export interface FailedPage {
  url: string;
  why: string;
}
export interface CrawlResult {
  /**
   * That were there.
   */
  pages: number;
  /**
   * Of these, new or changed.
   */
  new: number;
  unchanged: number;
  /**
   * How many failed.
   */
  failed_count: number;
  /**
   * Of these, the first 100.
   */
  failed: FailedPage[];
}
export interface IngestObjectsRequest {
  /**
   * `s3://bucket/prefix`, `gs://bucket/prefix` or `az://container/prefix`.
   */
  url: string;
  collection_id: string;
  /**
   * Credentials and where to use them; kept nowhere, but for a SAS (`sas_key`) until the run has ended. s3: `access_key_id`, `secret_access_key`, `session_token`, `region`, `endpoint`, `virtual_hosted_style_request`. gs: `service_account_key`. az: `account_name`, `account_key` or `sas_key`, `endpoint`.
   */
  options?: {
    [k: string]: string;
  };
  max_objects?: number;
  metadata?: {
    [k: string]: unknown;
  };
  priority?: number;
}
export interface IngestObjectsStep {
  url: string;
  collection_id: string;
  metadata?: {
    [k: string]: unknown;
  };
  priority?: number;
}
export interface ObjectsResult {
  /**
   * That were listed.
   */
  objects: number;
  /**
   * Of these, new or changed.
   */
  new: number;
  unchanged: number;
  /**
   * How many failed.
   */
  failed_count: number;
  /**
   * Of these, the first 100.
   */
  failed: FailedPage[];
}
export interface Toolchain {
  id: string;
  title: string;
  description?: string;
  /**
   * A JSON Schema (`type` object) that every run's input is checked against.
   */
  input?: {
    [k: string]: unknown;
  };
  /**
   * The typed keys that nodes read and write.
   */
  state?: {
    [k: string]: StateKey;
  };
  /**
   * @minItems 1
   * @maxItems 1000
   */
  nodes: Node[];
  /**
   * @maxItems 4000
   */
  edges: Edge[];
  /**
   * The run's output, a value per name, read from the final state.
   */
  output?: {
    [k: string]: Value;
  };
  /**
   * The state key whose text streams to chat clients.
   */
  stream?: string | null;
  /**
   * True: every step's result is stored before the next begins. False: a run that loses its process begins anew.
   */
  durable?: boolean;
  /**
   * The longest that a run may be carried; pauses do not count.
   */
  timeout_seconds?: number | null;
  /**
   * How many of a user's runs of it are carried at once; the others wait in the queue. Null means no limit of its own.
   */
  concurrency?: number | null;
  /**
   * What a run does that finds its thread busy: `enqueue` waits for its turn, `reject` is refused, `interrupt` cancels the other run and keeps what it wrote to the thread, `rollback` cancels it and keeps nothing of it.
   */
  on_busy?: "enqueue" | "reject" | "interrupt" | "rollback";
  /**
   * Inputs to begin with, shown as buttons.
   *
   * @maxItems 50
   */
  suggestions?: Suggestion[];
  /**
   * Inputs, and what must hold of the runs that they begin.
   *
   * @maxItems 200
   */
  tests?: Case[];
  /**
   * An input with which it runs once more, by itself, after the first run of a thread has completed.
   */
  follow_up?: {
    [k: string]: unknown;
  } | null;
  /**
   * The page on which people use it; runs do not look at it.
   */
  page?: PageDefinition | null;
  /**
   * What editors and importers keep here; runs do not look at it.
   */
  metadata?: {
    [k: string]: unknown;
  };
}
export interface StateKey {
  type: StateType;
  reducer?: Reducer;
  /**
   * `run`: begins with its default in every run. `thread`: goes on from one run of a thread to the next.
   */
  scope?: "run" | "thread";
  /**
   * What it holds before anything is written.
   */
  default?: unknown;
  description?: string;
}
/**
 * What every node has.
 */
export interface NodeBase {
  id: NodeId;
  title?: string;
  /**
   * The node is skipped unless this holds; what follows goes on.
   */
  when?: Expression | null;
}
/**
 * One operator with its operands, `{"==": [a, b]}`. An operand is a value or another expression.
 */
export interface Expression {
  [k: string]: unknown;
}
export interface Retry {
  attempts?: number;
  /**
   * The pause before the second attempt.
   */
  backoff_seconds?: number;
  /**
   * How much longer every further pause is.
   */
  factor?: number;
  /**
   * The types of errors worth another attempt. Empty means those that may pass by themselves.
   */
  on?: string[];
}
/**
 * Results are kept for the user and taken again for the same key.
 */
export interface Cache {
  key: Value;
  ttl_seconds: number;
}
/**
 * A function or a toolchain that a model may call.
 */
export interface Tool {
  function?: string | null;
  toolchain?: string | null;
  /**
   * What the model calls it; left out: its id.
   */
  name?: string | null;
  description?: string | null;
  /**
   * Fields that are given whatever the model says, and that it does not see.
   */
  input?: {
    [k: string]: Value;
  };
}
export interface AgentLimits {
  /**
   * How often the model is asked.
   */
  steps?: number;
  seconds?: number;
  /**
   * Prompt and answer tokens of all steps together, as far as the model tells them.
   */
  tokens?: number;
}
export interface Change {
  /**
   * `set` puts the value there; `append` adds it to a list or a text; `extend` adds the elements of a list; `merge` updates an object; `add` and `subtract` count; `delete` takes away what is there.
   */
  op: "set" | "append" | "extend" | "merge" | "add" | "subtract" | "delete";
  /**
   * Where in the state: `turns.-1.content`, or a list of parts that are values. A missing parent is made where it can only be an object; setting at a list's length appends.
   */
  path: string | Value[];
  value?: Value;
  when?: Expression | null;
}
export interface BranchCase {
  when: Expression;
  /**
   * A node id or `end`.
   */
  to: string;
}
/**
 * Nodes within a node. Without edges they follow each other as they are listed.
 */
export interface Body {
  /**
   * @minItems 1
   * @maxItems 1000
   */
  nodes: Node[];
  /**
   * @maxItems 4000
   */
  edges?: Edge[] | null;
}
export interface Edge {
  /**
   * A node id or `start`.
   */
  from: string;
  /**
   * A node id or `end`.
   */
  to: string;
}
export interface Suggestion {
  title: string;
  input: {
    [k: string]: unknown;
  };
}
export interface ToolchainRequest {
  /**
   * A toolchain as JSON; checked in full, so that every fault is named at once.
   */
  toolchain: {
    [k: string]: unknown;
  };
}
export interface SaveToolchainRequest {
  /**
   * A toolchain as JSON; checked in full, so that every fault is named at once.
   */
  toolchain: {
    [k: string]: unknown;
  };
  /**
   * The latest version that the caller knows of, 0 for none: if there is another by now, nothing is saved. Null means whatever there is.
   */
  expected_version?: number | null;
}
export interface SaveToolchainResult {
  id: string;
  version: number;
}
export interface ImportToolchainResult {
  id: string;
  version: number;
  /**
   * What of a foreign format could not be carried over, by its path there.
   */
  notes: Fault[];
}
export interface ValidateToolchainResult {
  valid: boolean;
  faults: Fault[];
}
export interface ToolchainReference {
  toolchain_id: string;
  version?: number | null;
}
export interface ToolchainSummary {
  id: string;
  title: string;
  description: string;
  version: number;
  /**
   * True when it comes with the product.
   */
  shipped: boolean;
  /**
   * True when it takes a `question` and streams an answer, so that it can be talked to.
   */
  chat: boolean;
  /**
   * True when what runs take has a page of its own, `/apps/<id>`.
   */
  page?: boolean;
  updated_at: string | null;
  /**
   * The version that runs take which name none. Null means the latest.
   */
  published_version?: number | null;
  /**
   * What this release of Penstock finds wrong with the latest and the published version; found at the upgrade.
   */
  faults?: VersionFault[];
}
export interface VersionFault {
  version: number;
  path: string;
  message: string;
}
export interface ToolchainList {
  toolchains: ToolchainSummary[];
}
export interface StoredToolchain {
  id: string;
  version: number;
  shipped: boolean;
  /**
   * A Toolchain, as it was saved.
   */
  toolchain: Toolchain;
}
export interface CreateScheduleRequest {
  toolchain_id: string;
  cron: Cron;
  /**
   * The clock that the cron is read by, `Europe/Berlin`.
   */
  time_zone?: string;
  input?: {
    [k: string]: unknown;
  };
  title?: string;
}
/**
 * Changes the fields that are given.
 */
export interface ModifyScheduleRequest {
  schedule_id: string;
  enabled?: boolean | null;
  cron?: Cron | null;
  time_zone?: string | null;
  input?: {
    [k: string]: unknown;
  } | null;
  title?: string | null;
}
export interface ScheduleReference {
  schedule_id: string;
}
export interface TriggersRequest {
  /**
   * Only those of this toolchain.
   */
  toolchain_id?: string | null;
}
export interface Schedule {
  schedule_id: string;
  toolchain_id: string;
  title: string;
  cron: string;
  time_zone: string;
  input: {
    [k: string]: unknown;
  };
  enabled: boolean;
  /**
   * Null while it is not enabled.
   */
  next_at: string | null;
  /**
   * When it was last due.
   */
  last_at: string | null;
  /**
   * The last run that it started.
   */
  last_run_id: string | null;
  /**
   * Why no run could be started when it was last due.
   */
  last_error: RunError | null;
  created_at: string;
}
export interface ScheduleList {
  /**
   * Newest first.
   */
  schedules: Schedule[];
}
export interface CreateWebhookRequest {
  toolchain_id: string;
  title?: string;
}
export interface CreateWebhookResult {
  webhook_id: string;
  /**
   * Where to POST to, behind the address of this server.
   */
  url: string;
  /**
   * Shown this once. Callers send it as `Authorization: Bearer whsec_…`.
   */
  secret: string;
}
export interface WebhookReference {
  webhook_id: string;
}
export interface Webhook {
  webhook_id: string;
  toolchain_id: string;
  title: string;
  url: string;
  created_at: string;
  /**
   * When it last started a run.
   */
  last_at: string | null;
  last_run_id: string | null;
}
export interface WebhookList {
  /**
   * Newest first.
   */
  webhooks: Webhook[];
}
/**
 * Of a schedule or of a webhook.
 */
export interface DeliveriesRequest {
  schedule_id?: string | null;
  webhook_id?: string | null;
  limit?: number;
}
/**
 * A time that a run was to be started.
 */
export interface Delivery {
  at: string;
  /**
   * The run that was started.
   */
  run_id: string | null;
  /**
   * Of that run.
   */
  status: RunStatus | null;
  /**
   * Why no run could be started.
   */
  error: RunError | null;
}
export interface DeliveryList {
  /**
   * Newest first.
   */
  deliveries: Delivery[];
}
/**
 * What `POST /api/hooks/{webhook_id}` answers with.
 */
export interface WebhookRun {
  run_id: string;
}
export interface ToolchainVersionsRequest {
  toolchain_id: string;
  limit?: number;
  /**
   * Only versions older than this one.
   */
  before_version?: number | null;
}
export interface ToolchainVersion {
  version: number;
  title: string;
  /**
   * What whoever published it said of it.
   */
  note: string;
  /**
   * Whether runs that name no version take this one.
   */
  published: boolean;
  /**
   * Null for a shipped toolchain.
   */
  created_at: string | null;
}
export interface ToolchainVersionList {
  /**
   * Newest first.
   */
  versions: ToolchainVersion[];
  next_before_version?: number | null;
}
export interface PublishToolchainRequest {
  toolchain_id: string;
  /**
   * Null means the latest.
   */
  version?: number | null;
  /**
   * What is new in it. Null leaves what was said before.
   */
  note?: string | null;
}
export interface RollBackToolchainRequest {
  toolchain_id: string;
  /**
   * The version to go back to.
   */
  version: number;
}
export interface PublishedToolchain {
  id: string;
  /**
   * The version that is published now.
   */
  version: number;
}
export interface DiffToolchainVersionsRequest {
  toolchain_id: string;
  from_version: number;
  /**
   * Needed unless `toolchain` is given.
   */
  to_version?: number | null;
  /**
   * A draft in the place of `to_version`. It may have faults.
   */
  toolchain?: {
    [k: string]: unknown;
  } | null;
}
export interface ToolchainDifferences {
  from_version: number;
  /**
   * Null for a draft.
   */
  to_version: number | null;
  differences: Difference[];
}
export interface ToolchainUseRequest {
  toolchain_id: string;
}
/**
 * Who runs a version.
 */
export interface VersionUse {
  /**
   * 0: drafts that were tried.
   */
  version: number;
  /**
   * Of the last runs that were counted.
   */
  runs: number;
  /**
   * Those that are queued, running or waiting.
   */
  open_runs: number;
  last_run_at: string;
}
/**
 * Another toolchain that runs a certain version of this one.
 */
export interface VersionPin {
  toolchain_id: string;
  title: string;
  /**
   * Null: that which runs take.
   */
  version: number | null;
}
export interface ToolchainUse {
  /**
   * How many of its last runs were looked at.
   */
  counted: number;
  /**
   * Newest first.
   */
  versions: VersionUse[];
  /**
   * Schedules that run it in the version that runs take.
   */
  schedules: number;
  /**
   * Webhooks that run it in the version that runs take.
   */
  webhooks: number;
  /**
   * Toolchains, as they were saved last, whose nodes run it.
   */
  subchains: VersionPin[];
}
/**
 * What programs need to run a toolchain.
 */
export interface ToolchainInterface {
  id: string;
  version: number;
  /**
   * A JSON Schema of the input.
   */
  input_schema: {
    [k: string]: unknown;
  };
  /**
   * A JSON Schema of the output, as far as the toolchain tells it.
   */
  output_schema: {
    [k: string]: unknown;
  };
  /**
   * A module with typed input and output and one function; it needs nothing but Python 3.11.
   */
  python: string;
  /**
   * The same for TypeScript; it needs nothing but `fetch`.
   */
  typescript: string;
  /**
   * A call from a shell.
   */
  curl: string;
}

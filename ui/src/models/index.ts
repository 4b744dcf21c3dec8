// Generated from schemas/ by regenerate_models.sh: do not edit.

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
 * A chunk and the ones directly before and after it.
 */
export type ChunkWithNeighbours = Chunk & {
  /**
   * In the order of the document.
   */
  neighbours: Chunk[];
};
export type ModelState = "off" | "loading" | "ready" | "sleeping" | "unloading" | "failed";
export type ModelKind = "chat" | "embedding" | "rerank";
export type RunStatus = "queued" | "running" | "waiting" | "completed" | "failed" | "cancelled" | "dead";
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
export type StateType = "string" | "integer" | "number" | "boolean" | "object" | "array" | "any";
/**
 * How a write meets what is there: `set` replaces, `append` adds to a list or a string, `merge` updates an object, `add` sums numbers.
 */
export type Reducer = "set" | "append" | "merge" | "add";
export type Node = FunctionNode | LlmNode | BranchNode | EmitNode;
export type NodeId = string;
/**
 * Any JSON is a literal, save an object with exactly one of these keys: `{"ref": "state.question"}` (roots: input, state, nodes.<id>, run), `{"template": "Answer {{ state.question }}"}`, `{"expr": <expression>}` and `{"literal": <anything>}` for data that looks like one of these.
 */
export type Value = unknown;

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
  document_count: number;
  chunk_count: number;
  created_at: string;
  updated_at: string;
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
  uploaded_after?: string | null;
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
   * What is being done now: parsing, chunking, embedding, storing.
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
  created_at: string;
  indexed_at?: string | null;
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
}
export interface CollectionDocumentsRequest {
  collection_id: string;
  limit?: number;
  /**
   * Only documents older than this document id (keyset paging).
   */
  before?: string | null;
}
export interface DocumentList {
  documents: Document[];
  /**
   * Give it as `before` to read on; null at the end.
   */
  next_before?: string | null;
}
/**
 * The form fields beside `file`; the key comes from the header `Idempotency-Key`.
 */
export interface UploadRequest {
  collection_id: string;
  metadata?: {
    [k: string]: unknown;
  };
  idempotency_key?: string | null;
}
export interface UploadResult {
  document_id: string;
  run_id: string;
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
}
export interface Model {
  id: string;
  kind: ModelKind;
  /**
   * `onnx`, `extractive` or `remote`.
   */
  engine: string;
  state: ModelState;
  /**
   * Measured resident memory in MiB of its process; 0 when it has none.
   */
  memory_mb: number;
  /**
   * `cpu`, or `remote` for a provider's model.
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
   * How long its last load took.
   */
  load_seconds?: number | null;
  /**
   * Why it failed, in words.
   */
  error?: string | null;
  description?: string;
}
export interface ModelList {
  models: Model[];
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
}
export interface Memory {
  devices: Device[];
  models: Model[];
  /**
   * The last loads, newest first.
   */
  loads: LoadRecord[];
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
export interface RunToolchainRequest {
  toolchain_id: string;
  version?: number | null;
  input?: {
    [k: string]: unknown;
  };
  thread_id?: string | null;
  /**
   * Answer when the run has ended.
   */
  wait?: boolean;
  idempotency_key?: string | null;
}
export interface RunToolchainResult {
  run_id: string;
  thread_id: string;
  status: RunStatus;
  output?: {
    [k: string]: unknown;
  } | null;
  error?: RunError | null;
}
export interface RunError {
  type: string;
  message: string;
  /**
   * The node that failed.
   */
  node?: string | null;
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
  status?: RunStatus | null;
}
export interface Run {
  run_id: string;
  thread_id: string;
  toolchain_id: string;
  toolchain_version: number;
  status: RunStatus;
  /**
   * How often a worker has picked it up.
   */
  attempts: number;
  error?: RunError | null;
  created_at: string;
  started_at?: string | null;
  finished_at?: string | null;
}
export interface RunList {
  runs: Run[];
  next_before?: string | null;
}
export interface NodeRun {
  node: string;
  kind: string;
  status: "running" | "completed" | "failed";
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
   * run_started `{run_id, toolchain_id}`; node_started `{node, kind, input}`; node_finished `{node, duration_ms, output, error?}`; state `{node, path, value}`; delta `{node, path, text}`; sources `{node, sources}`; citation `{n, start, end}`; run_finished `{output, duration_ms}`; run_failed `{error}`; run_cancelled `{}`.
   */
  data: {
    [k: string]: unknown;
  };
  at: string;
}
/**
 * Narrows a search to some documents.
 */
export interface SearchFilter {
  /**
   * @maxItems 1000
   */
  document_ids?: string[] | null;
  uploaded_after?: string | null;
  uploaded_before?: string | null;
}
export interface SearchRequest {
  query: string;
  /**
   * Collections of the caller; none means all of them.
   *
   * @maxItems 200
   */
  collection_ids: string[];
  limit?: number;
  filter?: SearchFilter | null;
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
  metadata: {
    [k: string]: unknown;
  };
}
export interface SearchResult {
  hits: SearchHit[];
}
export interface CiteRequest {
  /**
   * @maxItems 100
   */
  hits: SearchHit[];
  token_budget?: number;
}
export interface CiteResult {
  sources: Source[];
  /**
   * The passages as text for a prompt, each in `<source n="1" …>`.
   */
  context: string;
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
}
export interface StateKey {
  type: StateType;
  reducer?: Reducer;
  /**
   * What it holds before anything is written.
   */
  default?: unknown;
  description?: string;
}
/**
 * Calls a registered function.
 */
export interface FunctionNode {
  id: NodeId;
  kind: "function";
  title?: string;
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
  /**
   * State keys to write, each with a value that may refer to this node's `result`.
   */
  write?: {
    [k: string]: Value;
  };
  timeout_seconds?: number;
}
/**
 * Asks a chat model; `result` is `{text, finish_reason, usage}`.
 */
export interface LlmNode {
  id: NodeId;
  kind: "llm";
  title?: string;
  /**
   * A model id; null or left out means the platform's default.
   */
  model?: Value;
  /**
   * A list of `{role, content}`; a nested list is spliced in.
   */
  messages: Value;
  temperature?: number | null;
  max_tokens?: number | null;
  /**
   * The state key of type string that the text streams into.
   */
  stream?: string | null;
  /**
   * The sources whose numbers the text may cite; marks `[n]` become `citation` events and `result.citations`.
   */
  cite?: Value;
  write?: {
    [k: string]: Value;
  };
  timeout_seconds?: number;
}
/**
 * Goes to the first case whose expression holds.
 */
export interface BranchNode {
  id: NodeId;
  kind: "branch";
  title?: string;
  /**
   * @minItems 1
   */
  cases: BranchCase[];
  /**
   * A node id or `end`.
   */
  else: string;
}
export interface BranchCase {
  when: Expression;
  /**
   * A node id or `end`.
   */
  to: string;
}
/**
 * One operator with its operands, `{"==": [a, b]}`: == != > >= < <= in and or not empty length. An operand is a value or another expression.
 */
export interface Expression {
  [k: string]: unknown;
}
/**
 * Sends an event to whoever watches the run.
 */
export interface EmitNode {
  id: NodeId;
  kind: "emit";
  title?: string;
  event: "sources" | "state";
  data: Value;
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
export interface ToolchainRequest {
  /**
   * A toolchain as JSON; checked in full, so that every fault is named at once.
   */
  toolchain: {
    [k: string]: unknown;
  };
}
export interface SaveToolchainResult {
  id: string;
  version: number;
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
  updated_at: string | null;
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

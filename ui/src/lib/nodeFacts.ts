import type { BranchNode, Cache, Node, Retry, Tool } from "@/models";
import { expressionInWords } from "./expression";
import { formatDuration, plural } from "./format";

type Facts = Record<string, unknown>;

/** The fields of a node that are its own, in the words of the interface; those that are left out are left out. */
export function factsOf(node: Node): Facts {
  const facts: Facts = { id: node.id, "only when": node.when ? expressionInWords(node.when) : null, ...ownFacts(node) };
  if ("timeout_seconds" in node) facts["time limit"] = seconds(node.timeout_seconds);
  if ("retry" in node && node.retry) facts["tries again"] = retryInWords(node.retry);
  if ("cache" in node && node.cache) facts["keeps its result"] = cacheInWords(node.cache);
  if ("on_error" in node && node.on_error) facts["when it fails"] = { ref: node.on_error };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== undefined));
}

function ownFacts(node: Node): Facts {
  switch (node.kind) {
    case "function":
      return { function: { ref: node.function } };
    case "llm":
      return { ...chatFacts(node), tools: toolsInWords(node.tools) };
    case "agent": {
      const { steps = 12, seconds: time = 300, tokens = 100_000 } = node.limits ?? {};
      const limits = [plural(steps, "step"), formatDuration(time * 1000), plural(tokens, "token")].join(", ");
      return { ...chatFacts(node), tools: toolsInWords(node.tools), limits };
    }
    case "update":
      return Object.fromEntries(
        node.changes.map(({ op, path, value, when }, index) => [
          `${index + 1}. ${op} ${typeof path === "string" ? path : path.map(String).join(".")}`,
          when ? { when: expressionInWords(when), value } : (value ?? "—"),
        ]),
      );
    case "branch":
      return {};
    case "join":
      return { "goes on": node.need === "all" ? "when every way was taken" : "when some way was taken" };
    case "map":
      return {
        over: node.over,
        result: node.result ?? null,
        "at once": node.concurrency ?? null,
        "when one fails": node.on_item_error === "null" ? "its result is null" : "the map fails",
      };
    case "loop":
      return {
        while: node.while ? expressionInWords(node.while) : null,
        until: node.until ? expressionInWords(node.until) : null,
        "at most": plural(node.max_iterations, "round"),
        result: node.result ?? null,
      };
    case "subchain":
      return {
        toolchain: { ref: node.toolchain },
        version: node.version ?? null,
        "streams into": node.stream ? { ref: `state.${node.stream}` } : null,
      };
    case "approval":
      return {
        message: node.message ?? null,
        form: node.form ? { literal: node.form } : null,
        "waits at most": seconds(node.wait_seconds),
        "then takes": node.default === undefined ? null : { literal: node.default },
      };
    case "wait":
      return {
        event: node.event ?? null,
        seconds: node.seconds ?? null,
        until: node.until ?? null,
        form: node.form ? { literal: node.form } : null,
        "then takes": node.default === undefined ? null : { literal: node.default },
      };
    case "code":
      return {
        code: { literal: node.code },
        "at most": `${seconds(node.seconds ?? 5) ?? ""}, ${node.memory_mb ?? 64} MB`,
      };
    case "http":
      return {
        asks: node.method ?? "GET",
        url: node.url,
        query: filled(node.query),
        headers: filled(node.headers),
        body: node.body ?? null,
      };
    case "emit":
      return { event: node.event, path: node.path ? node.path : null, data: node.data };
    default:
      return {};
  }
}

function chatFacts(node: Extract<Node, { kind: "llm" | "agent" }>): Facts {
  return {
    model: node.model ?? "the platform’s default",
    messages: node.messages ?? null,
    prompt: node.prompt ?? null,
    "streams into": node.stream ? { ref: `state.${node.stream}` } : null,
    cites: node.cite ?? null,
    "answers in the form": node.answer_schema ? { literal: node.answer_schema } : null,
    temperature: node.temperature ?? null,
    "max tokens": node.max_tokens ?? null,
  };
}

function toolsInWords(tools: readonly Tool[] | undefined): unknown {
  if (!tools || tools.length === 0) return null;
  return tools.map(({ function: name, toolchain }) => (name ? { ref: name } : `toolchain ${toolchain ?? ""}`));
}

function retryInWords({ attempts = 3, backoff_seconds: pause = 1, factor = 2, on = [] }: Retry): string {
  const first =
    pause > 0
      ? `, first after ${formatDuration(pause * 1000)}${factor > 1 ? `, then ${factor} times as long` : ""}`
      : "";
  return `up to ${plural(attempts, "attempt")}${first}${on.length > 0 ? `, on ${on.join(", ")}` : ""}`;
}

function cacheInWords({ key, ttl_seconds: ttl }: Cache): Facts {
  return { for: seconds(ttl), key };
}

/** The ways of a branch, in the order in which they are tried. */
export function waysInWords({ cases, else: rest }: BranchNode): Facts {
  const ways = cases.map(({ when, to }, index): [string, unknown] => [
    `${index + 1}. ${expressionInWords(when)}`,
    { ref: to },
  ]);
  return Object.fromEntries([...ways, [`${cases.length + 1}. otherwise`, { ref: rest }]]);
}

const filled = (values: Facts | undefined) => (values && Object.keys(values).length > 0 ? values : null);

function seconds(value: number | null | undefined): string | null {
  return value === undefined || value === null ? null : formatDuration(value * 1000);
}

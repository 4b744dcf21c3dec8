/** Other names for nodes and for what a toolchain remembers, wherever they are named. Pure. */
import type { Check, Edge, Node, Toolchain } from "@/models";
import { type JsonObject, keyed } from "@/lib/json";
import { pinsOf } from "@/lib/tryit/pins";
import { keptOf, withKept } from "./keeping";
import { pageWithInputRenamed, pageWithNodeRenamed } from "./renamePage";
import { isHolder, nodesById } from "./tree";
import { withReferences } from "./values";
import { END, START } from "./ways";

const NAME = /^[a-z][a-z0-9_]{0,59}$/;

/** Why a node cannot be called so; null when it can. */
export function faultOfName(toolchain: Toolchain, id: string, wanted: string): string | null {
  if (!NAME.test(wanted)) return "A small letter, then small letters, digits and _, at most 60.";
  if (wanted === START || wanted === END) return `“${wanted}” is taken by the toolchain itself.`;
  return wanted !== id && nodesById(toolchain).has(wanted) ? "Another node is called so." : null;
}

/** The toolchain with a node under another name, wherever that stands: in ways, references, templates, and its place. */
export function withRenamed(toolchain: Toolchain, id: string, name: string): Toolchain {
  const to = (target: string) => (target === id ? name : target);
  const path = (reference: string) => renamedPath(reference, "nodes", id, name);
  const edge = (one: Edge): Edge => (one.from === id || one.to === id ? { from: to(one.from), to: to(one.to) } : one);

  function node(one: Node): Node {
    const { id: own, kind, ...rest } = withReferences(one, path) as Node;
    const next = { id: to(own), kind, ...rest } as Node;
    if (next.kind === "branch")
      return { ...next, cases: next.cases.map((way) => ({ ...way, to: to(way.to) })), else: to(next.else) };
    const aimed =
      "on_error" in next && typeof next.on_error === "string" ? { ...next, on_error: to(next.on_error) } : next;
    if (!isHolder(aimed)) return aimed;
    const { nodes, edges } = aimed.body;
    return { ...aimed, body: { ...aimed.body, nodes: nodes.map(node), ...(edges ? { edges: edges.map(edge) } : {}) } };
  }

  const next: Toolchain = {
    ...toolchain,
    nodes: toolchain.nodes.map(node),
    edges: toolchain.edges.map(edge),
    ...besideNodes(toolchain, path),
  };
  if (next.page) next.page = pageWithNodeRenamed(next.page, id, name);
  if (next.tests)
    next.tests = next.tests.map((test) => (test.pinned ? { ...test, pinned: keyed(test.pinned, id, name) } : test));
  if (Object.hasOwn(pinsOf(next), id)) next.metadata = { ...next.metadata, pinned: keyed(pinsOf(next), id, name) };
  const kept = keptOf(toolchain);
  const at = kept.places.get(id);
  if (!at) return next;
  const places = new Map(kept.places);
  places.delete(id);
  return withKept(next, { ...kept, places: places.set(name, at) });
}

/** The toolchain with a key of its state under another name. */
export function withStateRenamed(toolchain: Toolchain, key: string, name: string): Toolchain {
  const path = (reference: string) => renamedPath(reference, "state", key, name);
  const own = (at: string) => (at === key || at.startsWith(`${key}.`) ? name + at.slice(key.length) : at);

  function node(one: Node): Node {
    let next = withReferences(one, path) as Node;
    if ("write" in next && next.write && Object.hasOwn(next.write, key))
      next = { ...next, write: keyed(next.write, key, name) };
    if ("stream" in next && typeof next.stream === "string") next = { ...next, stream: own(next.stream) };
    if (next.kind === "update") {
      const changes = next.changes.map((change) => {
        if (typeof change.path === "string") return { ...change, path: own(change.path) };
        const [first, ...rest] = change.path;
        return first === key ? { ...change, path: [name, ...rest] } : change;
      });
      next = { ...next, changes };
    }
    if (!isHolder(next)) return next;
    return { ...next, body: { ...next.body, nodes: next.body.nodes.map(node) } };
  }

  return {
    ...toolchain,
    state: keyed(toolchain.state ?? {}, key, name),
    nodes: toolchain.nodes.map(node),
    ...besideNodes(toolchain, path),
    ...(toolchain.stream === key ? { stream: name } : {}),
  };
}

/**
 * The toolchain with a field of its input under another name, wherever that is referred to or filled in: by test cases,
 * suggestions, the follow-up and the page. The schema stays.
 */
export function withInputRenamed(toolchain: Toolchain, field: string, name: string): Toolchain {
  const path = (reference: string) => renamedPath(reference, "input", field, name);
  const nodes = withReferences(toolchain.nodes, path) as Node[];
  const next: Toolchain = { ...toolchain, nodes, ...besideNodes(toolchain, path) };
  const given = <T extends { input?: JsonObject }>(one: T): T =>
    one.input ? { ...one, input: keyed(one.input, field, name) } : one;
  if (next.tests) next.tests = next.tests.map(given);
  if (next.suggestions) next.suggestions = next.suggestions.map(given);
  if (next.follow_up) next.follow_up = keyed(next.follow_up, field, name);
  if (next.page) next.page = pageWithInputRenamed(next.page, field, name);
  return next;
}

/** The toolchain with an output under another name, where test cases and the page refer to it; the output itself stays. */
export function withOutputRenamed(toolchain: Toolchain, output: string, name: string): Toolchain {
  return { ...toolchain, ...besideNodes(toolchain, (reference) => renamedPath(reference, "output", output, name)) };
}

/** What else refers to things: the output, what test cases look at, and the page. */
function besideNodes(toolchain: Toolchain, path: (reference: string) => string): Partial<Toolchain> {
  const changed = <T>(value: T) => withReferences(value, path) as T;
  const { output, tests, page } = toolchain;
  return {
    ...(output ? { output: changed(output) } : {}),
    ...(tests
      ? { tests: tests.map((test) => (test.checks ? { ...test, checks: test.checks.map(checkWith(changed)) } : test)) }
      : {}),
    ...(page ? { page: changed(page) } : {}),
  };
}

/** A check with its values changed; the JSON Schema of a form is none. */
function checkWith(changed: <T>(value: T) => T): (check: Check) => Check {
  return (check) => ({ ...check, of: changed(check.of), ...("value" in check ? { value: changed(check.value) } : {}) });
}

function renamedPath(reference: string, root: string, from: string, to: string): string {
  const [first, second, ...rest] = reference.split(".");
  return first === root && second === from ? [root, to, ...rest].join(".") : reference;
}

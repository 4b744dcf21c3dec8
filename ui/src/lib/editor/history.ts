/** What can be undone and done again. Pure. */

/** A change with the words for it. */
export interface Entry<State> {
  label: string;
  /** What was there before the change, or behind it in the list of what can be done again. */
  state: State;
}

export interface History<State> {
  past: readonly Entry<State>[];
  future: readonly Entry<State>[];
  /** Changes with the same key that follow each other are one; null: the next change stands for itself. */
  merging: string | null;
}

// A toolchain shares what did not change with the one before it, so that many steps cost little.
const LONGEST = 500;

export function emptyHistory<State>(): History<State> {
  return { past: [], future: [], merging: null };
}

/** The history after a change of `before`. */
export function recorded<State>(
  history: History<State>,
  before: State,
  label: string,
  merging: string | null,
): History<State> {
  if (merging !== null && merging === history.merging && history.past.length > 0) return { ...history, future: [] };
  return { past: [...history.past, { label, state: before }].slice(-LONGEST), future: [], merging };
}

export function undone<State>(history: History<State>, now: State): { history: History<State>; state: State } | null {
  const last = history.past.at(-1);
  if (!last) return null;
  const future = [{ label: last.label, state: now }, ...history.future];
  return { history: { past: history.past.slice(0, -1), future, merging: null }, state: last.state };
}

export function redone<State>(history: History<State>, now: State): { history: History<State>; state: State } | null {
  const [next, ...future] = history.future;
  if (!next) return null;
  const past = [...history.past, { label: next.label, state: now }];
  return { history: { past, future, merging: null }, state: next.state };
}

import { expect, it } from "vitest";
import { emptyHistory, type History, recorded, redone, undone } from "./history";

/** What is there after texts were typed, one change each. */
function typed(steps: [text: string, merge: string | null][]): { history: History<string>; now: string } {
  let history = emptyHistory<string>();
  let now = "";
  for (const [text, merge] of steps) {
    history = recorded(history, now, `to ${text}`, merge);
    now = text;
  }
  return { history, now };
}

it("goes back and forth", () => {
  const { history, now } = typed([
    ["a", null],
    ["b", null],
  ]);
  const back = undone(history, now);
  expect(back?.state).toBe("a");
  const further = back && undone(back.history, back.state);
  expect(further?.state).toBe("");
  expect(further && undone(further.history, further.state)).toBeNull();
  const on = further && redone(further.history, further.state);
  expect(on?.state).toBe("a");
  expect(on && redone(on.history, on.state)?.state).toBe("b");
});

it("takes changes of one key together until another comes between, or something is undone", () => {
  const { history, now } = typed([
    ["a", "title"],
    ["ab", "title"],
    ["abc", "title"],
    ["x", null],
    ["abcd", "title"],
  ]);
  expect(history.past.map(({ state }) => state)).toEqual(["", "abc", "x"]);
  const back = undone(history, now);
  expect(back && recorded(back.history, back.state, "again", "title").past).toHaveLength(3);
});

it("forgets what could be done again when something else is done", () => {
  const { history, now } = typed([["a", null]]);
  const back = undone(history, now);
  expect(back && recorded(back.history, back.state, "other", null).future).toEqual([]);
});

it("keeps 500 steps", () => {
  const { history } = typed(Array.from({ length: 600 }, (_, n) => [String(n), null]));
  expect(history.past).toHaveLength(500);
  expect(history.past[0]?.state).toBe("99");
});

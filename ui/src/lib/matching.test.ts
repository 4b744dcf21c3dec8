import { expect, it } from "vitest";
import { matching } from "./matching";

const find = (search: string) =>
  matching(["Résumé of a text", "Chat", "Answer from documents"], search, (text) => [text]);

it.each([
  ["", 3],
  ["  ", 3],
  ["CHAT", 1],
  ["resume", 1],
  ["text résumé", 1],
  ["from chat", 0],
  ["(", 0],
])("%j finds %i", (search, count) => expect(find(search)).toHaveLength(count));

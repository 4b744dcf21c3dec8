import { describe, expect, it } from "vitest";
import { createEventParser, type ServerEvent, streamEvents, StreamLost } from "./sse";

const TEXT =
  ': hello\r\nid: 1\r\nevent: start\r\ndata: {"a":1}\r\n\r\nid:2\ndata: one\ndata:two\n\ndata\n\n\nevent: x\n\nid: 3\rdata: cr\r\r';
const EVENTS: ServerEvent[] = [
  { id: "1", event: "start", data: '{"a":1}' },
  { id: "2", event: "message", data: "one\ntwo" },
  { id: "2", event: "message", data: "" },
  { id: "3", event: "message", data: "cr" },
];

describe("createEventParser", () => {
  it.each([1, 2, 3, 7, 1000])("gives the same events in pieces of %i", (size) => {
    const parse = createEventParser();
    const events: ServerEvent[] = [];
    // The last "\r" needs a character after it to be known for a whole line end.
    const text = `\uFEFF${TEXT}:`;
    for (let i = 0; i < text.length; i += size) events.push(...parse(text.slice(i, i + size)));
    expect(events).toEqual(EVENTS);
  });

  it("ignores an id with a null character and an event that is not finished", () => {
    const parse = createEventParser();
    expect(parse("id: a\0b\ndata: x\n\ndata: half\n")).toEqual([{ id: null, event: "message", data: "x" }]);
  });
});

function body(text: string, broken = false): Response {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
    },
    pull(controller) {
      if (broken) controller.error(new TypeError("network error"));
      else controller.close();
    },
  });
  return new Response(stream);
}

async function collect(connect: (id: string | null) => Promise<Response>, signal = new AbortController().signal) {
  const seen: string[] = [];
  const events = streamEvents({
    connect,
    isLast: (event) => event.event === "done",
    mayRetry: () => false,
    signal,
    attempts: 3,
    backoff: () => 0,
  });
  for await (const event of events) seen.push(event.data);
  return seen;
}

describe("streamEvents", () => {
  it("takes a broken stream up after the last id", async () => {
    const asked: (string | null)[] = [];
    const seen = await collect((id) => {
      asked.push(id);
      if (id === null) return Promise.resolve(body("id: 1\ndata: a\n\nid: 2\ndata: b\n\n", true));
      return Promise.resolve(body("id: 3\ndata: c\n\nid: 4\nevent: done\ndata: d\n\n"));
    });
    expect(seen).toEqual(["a", "b", "c", "d"]);
    expect(asked).toEqual([null, "2"]);
  });

  it("reads on after an end that was not the last", async () => {
    const text = "id: 1\nevent: done\ndata: a\n\nid: 2\ndata: b\n\nid: 3\nevent: done\ndata: c\n\n";
    expect(await collect(() => Promise.resolve(body(text)))).toEqual(["a", "b", "c"]);
  });

  it("gives up after the attempts", async () => {
    let count = 0;
    const lost = collect(() => {
      count += 1;
      return Promise.resolve(body(""));
    });
    await expect(lost).rejects.toBeInstanceOf(StreamLost);
    expect(count).toBe(3);
  });

  it("does not try again after a fault that will not pass", async () => {
    let count = 0;
    const refused = collect(() => {
      count += 1;
      return Promise.reject(new Error("403"));
    });
    await expect(refused).rejects.toThrow("403");
    expect(count).toBe(1);
  });

  it("stops waiting when it is told to", async () => {
    const controller = new AbortController();
    const stopped = collect(() => {
      controller.abort();
      return Promise.resolve(body(""));
    }, controller.signal);
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  });
});

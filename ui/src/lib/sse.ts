/** One server-sent event; `id` is the last id seen, which the server understands as `Last-Event-ID`. */
export interface ServerEvent {
  id: string | null;
  event: string;
  data: string;
}

/**
 * Parses the text of an event stream, in pieces of any size, by the rules of the HTML standard (section 9.2.6).
 * @returns a function that takes the next piece and gives the events that it completed
 */
export function createEventParser(): (piece: string) => ServerEvent[] {
  let rest = "";
  let begun = false;
  let id: string | null = null;
  let event = "";
  let data: string[] = [];

  function takeLine(line: string, out: ServerEvent[]): void {
    if (line === "") {
      if (data.length > 0) out.push({ id, event: event || "message", data: data.join("\n") });
      event = "";
      data = [];
      return;
    }
    const colon = line.indexOf(":");
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (name === "data") data.push(value);
    else if (name === "event") event = value;
    else if (name === "id" && !value.includes("\0")) id = value;
  }

  return (piece) => {
    rest += piece;
    if (!begun && rest !== "") {
      begun = true;
      if (rest.startsWith("\uFEFF")) rest = rest.slice(1);
    }
    const out: ServerEvent[] = [];
    for (;;) {
      const end = rest.search(/[\r\n]/);
      // A "\r" at the very end may be half of "\r\n": wait for what follows.
      if (end === -1 || (rest[end] === "\r" && end === rest.length - 1)) return out;
      const line = rest.slice(0, end);
      rest = rest.slice(end + (rest.startsWith("\r\n", end) ? 2 : 1));
      takeLine(line, out);
    }
  };
}

export interface StreamOptions {
  /** Opens the stream: from its start with null, else after that id. What it throws ends the stream, unless `mayRetry`. */
  connect: (lastEventId: string | null) => Promise<Response>;
  /** True for an event after which nothing need follow: a stream that the server ends with it is whole. */
  isLast: (event: ServerEvent) => boolean;
  /** True when the fault may pass by itself (no network, 503). */
  mayRetry: (fault: unknown) => boolean;
  signal: AbortSignal;
  /** Attempts in a row without an event before the fault is thrown. */
  attempts?: number;
  /** Milliseconds before the nth attempt. */
  backoff?: (attempt: number) => number;
}

export class StreamLost extends Error {
  override name = "StreamLost";
  constructor() {
    super("The connection was lost and could not be taken up again.");
  }
}

/** The events of a stream, taken up again after a dropped connection where it broke off. */
export async function* streamEvents(options: StreamOptions): AsyncGenerator<ServerEvent> {
  const {
    connect,
    isLast,
    mayRetry,
    signal,
    attempts = 6,
    backoff = (n) => Math.min(250 * 2 ** (n - 1), 5000),
  } = options;
  let lastId: string | null = null;
  let fault: unknown = new StreamLost();
  let whole = false;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await pause(backoff(attempt), signal);
    try {
      const response = await connect(lastId);
      for await (const event of readEvents(response)) {
        attempt = 0;
        if (event.id !== null) lastId = event.id;
        whole = isLast(event);
        yield event;
      }
      if (whole) return;
      fault = new StreamLost();
    } catch (caught) {
      // A broken body is a TypeError of fetch's reader; it is worth another try as a lost connection is.
      if (signal.aborted || !(caught instanceof TypeError || mayRetry(caught))) throw caught;
      fault = caught instanceof TypeError ? new StreamLost() : caught;
    }
  }
  throw fault;
}

async function* readEvents(response: Response): AsyncGenerator<ServerEvent> {
  if (!response.body) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parse = createEventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parse(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException("The stream was stopped.", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}

/** Addresses that somebody typed or pasted, one a line, without those that come twice. */
export interface Addresses {
  urls: string[];
  /** What is no address of the web, as it was typed. */
  refused: string[];
}

export function readAddresses(text: string): Addresses {
  const lines = text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const urls = new Set<string>();
  const refused: string[] = [];
  for (const line of lines) {
    const url = addressOf(line);
    if (url === null) refused.push(line);
    else urls.add(url);
  }
  return { urls: [...urls], refused };
}

/** The address of a text; one without a scheme is taken for https. Null when it is none of the web. */
export function addressOf(text: string): string | null {
  const written = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[\w.-]+:\d+(\/|$)/.test(text) ? text : `https://${text}`;
  if (!/^https?:/i.test(written) || !URL.canParse(written)) return null;
  const { hostname, href } = new URL(written);
  return /^[^.]+$/.test(hostname) && hostname !== "localhost" && !hostname.startsWith("[") ? null : href;
}

/** How long an address stays valid after it was given to the browser. */
const GRACE = 60_000;

function withAddress(blob: Blob, hand: (url: string) => void): void {
  const url = URL.createObjectURL(blob);
  hand(url);
  setTimeout(() => URL.revokeObjectURL(url), GRACE);
}

/** Saves a file under a name. */
export function saveBlob(blob: Blob, name: string): void {
  withAddress(blob, (url) => {
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
  });
}

/** Shows a PDF in a tab of its own. Never for other kinds: a page of somebody's HTML would run in our origin. */
export function showBlob(blob: Blob): void {
  withAddress(new Blob([blob], { type: "application/pdf" }), (url) => window.open(url, "_blank", "noopener"));
}

import { useEffect, useRef } from "react";

type Close = (() => void) | null;

/** What is open over the page, the topmost last. */
const open: { current: Close }[] = [];

// One for all: of listeners of their own the one below would hear the same key, when the one above has closed already.
window.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    // Lists and menus that are open within close first, and mark where they were opened.
    const { target } = event;
    if (target instanceof Element && target.getAttribute("data-mantine-stop-propagation") === "true") return;
    const close = open.at(-1)?.current;
    if (!close) return;
    // It has done its work: no search is emptied and no answer stopped as well.
    event.preventDefault();
    close();
  },
  { capture: true },
);

/** Has Escape close what is open over everything else. @param close null: it stays, and so does what is below it */
export function useEscape(opened: boolean, close: Close): void {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!opened) return;
    open.push(latest);
    return () => void open.splice(open.indexOf(latest), 1);
  }, [opened]);
}

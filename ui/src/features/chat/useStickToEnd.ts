import { useCallback, useEffect, useRef, useState } from "react";

/** How near to the end still counts as there, in pixels. */
const NEAR = 64;

/** For how long after the last word the area still follows: sources and formatted text come a moment later. Milliseconds. */
const AFTERMATH = 800;

/**
 * Keeps a scroll area at its end while its content grows, until the person scrolls up; back at the end, it holds again.
 * @param growing False lets the area be: what changes then is the layout, not the conversation.
 */
export function useStickToEnd(growing: boolean) {
  const area = useRef<HTMLDivElement | null>(null);
  const held = useRef(true);
  const lastTop = useRef(0);
  const followsUntil = useRef(0);
  const [away, setAway] = useState(false);
  const [content, setContent] = useState<HTMLElement | null>(null);

  const areaRef = useCallback((element: HTMLDivElement | null) => {
    area.current = element;
  }, []);

  const toEnd = useCallback(() => {
    held.current = true;
    setAway(false);
    const element = area.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  const onScroll = useCallback(() => {
    const element = area.current;
    if (!element) return;
    const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
    // Only a movement upwards is a person's: growing content moves the end, not the top.
    if (element.scrollTop < lastTop.current - 2 && rest > NEAR) held.current = false;
    else if (rest <= NEAR) held.current = true;
    lastTop.current = element.scrollTop;
    setAway(!held.current);
  }, []);

  useEffect(() => {
    if (!growing) return;
    return () => {
      followsUntil.current = performance.now() + AFTERMATH;
    };
  }, [growing]);

  useEffect(() => {
    if (!content) return;
    const observer = new ResizeObserver(() => {
      const element = area.current;
      const follows = growing || performance.now() < followsUntil.current;
      if (element && held.current && follows) element.scrollTop = element.scrollHeight;
    });
    observer.observe(content);
    return () => observer.disconnect();
  }, [content, growing]);

  return { areaRef, contentRef: setContent, onScroll, toEnd, away };
}

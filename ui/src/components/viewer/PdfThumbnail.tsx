import { useEffect, useRef } from "react";
import type { Pdf } from "./pdf";

/** CSS pixels, drawn twice as fine. */
const WIDTH = 84;

/** A small picture of a page, drawn when it is first seen. */
export function PdfThumbnail({ pdf, number }: { pdf: Pdf; number: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const target = canvas.current;
    if (!target) return;
    const stop = new AbortController();
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      // A page that can not be drawn stays white here and says why where it is opened.
      draw(target, stop.signal).catch(() => undefined);
    });
    watch.observe(target);
    return () => {
      watch.disconnect();
      stop.abort();
    };

    async function draw(onto: HTMLCanvasElement, signal: AbortSignal): Promise<void> {
      const page = await pdf.getPage(number);
      if (signal.aborted) return;
      const viewport = page.getViewport({ scale: (2 * WIDTH) / page.getViewport({ scale: 1 }).width });
      onto.width = Math.floor(viewport.width);
      onto.height = Math.floor(viewport.height);
      const task = page.render({ canvas: onto, viewport });
      signal.addEventListener("abort", () => task.cancel());
      await task.promise;
    }
  }, [pdf, number]);
  return <canvas ref={canvas} width={168} height={236} aria-hidden />;
}

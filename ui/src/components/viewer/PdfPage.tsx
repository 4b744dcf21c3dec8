import { type ReactNode, useEffect, useRef, useState } from "react";
import { Failure } from "@/components/Failure";
import { locatePassage } from "@/lib/passage";
import { scrollToMark } from "./Overlay";
import { type Pdf, TextLayer } from "./pdf";
import classes from "./PdfPage.module.css";

interface PdfPageProps {
  pdf: Pdf;
  number: number;
  /** CSS pixels. */
  width: number;
  /** Its height by its width, as far as it is known before it is drawn. */
  shape: number | null;
  /** What to look for in the page's text and to mark, and the part of that to mark more strongly. */
  searched: { passage: string; support: string | null } | null;
  /** What lies between the picture and its text. */
  children: ReactNode;
}

/** The shape of a sheet whose own is not known yet. */
const A4 = Math.SQRT2;

interface Box {
  strong: boolean;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A page drawn on a canvas, with its text over it for selection and what is marked between the two. */
export function PdfPage({ pdf, number, width, shape, searched, children }: PdfPageProps) {
  const sheet = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<number | null>(null);
  const height = width * (drawn ?? shape ?? A4);
  const [boxes, setBoxes] = useState<Box[]>([]);
  const [fault, setFault] = useState<unknown>(null);

  useEffect(() => {
    const controller = new AbortController();
    draw(controller.signal).catch((caught: unknown) => {
      if (!controller.signal.aborted) setFault(caught);
    });
    return () => controller.abort();

    async function draw(signal: AbortSignal): Promise<void> {
      const page = await pdf.getPage(number);
      const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
      if (signal.aborted || !canvas.current || !text.current) return;
      setDrawn(viewport.height / viewport.width);
      text.current.style.setProperty("--total-scale-factor", String(viewport.scale));
      text.current.replaceChildren();
      const layer = new TextLayer({ textContentSource: page.streamTextContent(), container: text.current, viewport });
      const picture = drawPicture(canvas.current);
      signal.addEventListener("abort", () => {
        picture.cancel();
        layer.cancel();
      });
      const mark = () => {
        if (sheet.current) setBoxes(boxesOf(sheet.current, layer, searched));
      };
      await Promise.all([layer.render().then(mark), picture.promise]);

      function drawPicture(target: HTMLCanvasElement) {
        // A canvas of more than 16 megapixels is refused by some browsers.
        const wished = Math.max(1, window.devicePixelRatio);
        const ratio = Math.min(wished, Math.sqrt(16e6 / (viewport.width * viewport.height)));
        target.width = Math.floor(viewport.width * ratio);
        target.height = Math.floor(viewport.height * ratio);
        return page.render({ canvas: target, viewport, transform: [ratio, 0, 0, ratio, 0, 0] });
      }
    }
  }, [pdf, number, width, searched]);

  useEffect(() => {
    scrollToMark(sheet.current);
  }, [boxes]);

  if (fault) return <Failure fault={fault} />;
  return (
    <div ref={sheet} className={classes.sheet} style={{ width, height }}>
      <canvas ref={canvas} className={classes.canvas} role="img" aria-label={`Page ${number}`} />
      {boxes.map(({ strong, ...place }, index) => (
        <div
          key={index}
          className={classes.box}
          data-strong={strong || undefined}
          style={place}
          data-testid="highlight"
          aria-hidden
        />
      ))}
      {children}
      <div ref={text} className={classes.text} />
    </div>
  );
}

/** Where the passage and its support lie on the sheet, one box a line, in CSS pixels. */
function boxesOf(sheet: HTMLElement, layer: TextLayer, searched: PdfPageProps["searched"]): Box[] {
  if (searched === null) return [];
  const origin = sheet.getBoundingClientRect();
  const supported = searched.support === null ? [] : locate(searched.support, true);
  // With a support that was found, the rest of the passage steps back; without one, all of it is what was cited.
  return [...locate(searched.passage, supported.length === 0), ...supported];

  function locate(text: string, strong: boolean): Box[] {
    return locatePassage(layer.textContentItemsStr, text).flatMap(({ item, start, end }) => {
      const node = layer.textDivs[item]?.firstChild;
      if (!(node instanceof Text)) return [];
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, Math.min(end, node.length));
      return [...range.getClientRects()].map((rect) => ({
        strong,
        left: rect.left - origin.left - 2,
        top: rect.top - origin.top,
        width: rect.width + 4,
        height: rect.height,
      }));
    });
  }
}

import { useInViewport } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { useToolchain } from "@/api/toolchains";
import { isDrawable } from "@/lib/flow";
import { pictureOf } from "@/lib/versions/picture";
import "@/components/tones.css";
import classes from "./Versions.module.css";

const MARGIN = 24;
const LEAST = { width: 640, height: 250 };

/** A toolchain as a small picture of its graph; it is asked for when it comes into view. */
export function ToolchainPicture({ id }: { id: string }) {
  const { ref, inViewport } = useInViewport<HTMLDivElement>();
  const [seen, setSeen] = useState(false);
  if (inViewport && !seen) setSeen(true);
  const { data } = useToolchain(seen ? id : null);
  const picture = useMemo(() => (data && isDrawable(data.toolchain) ? pictureOf(data.toolchain) : null), [data]);
  // A toolchain of one node is no larger than that of others.
  const width = Math.max(LEAST.width, (picture?.width ?? 0) + 2 * MARGIN);
  const height = Math.max(LEAST.height, (picture?.height ?? 0) + 2 * MARGIN);
  const left = ((picture?.width ?? 0) - width) / 2;
  const top = ((picture?.height ?? 0) - height) / 2;
  return (
    <div ref={ref} className={classes.picture}>
      <svg viewBox={`${left} ${top} ${width} ${height}`} preserveAspectRatio="xMidYMid meet" aria-hidden>
        {picture?.lines.map(({ id: line, points }) => (
          <polyline key={line} points={points.map(({ x, y }) => `${x},${y}`).join(" ")} />
        ))}
        {picture?.boxes.map(({ id: box, kind, x, y, width: w, height: h }) => (
          <rect
            key={box}
            data-kind={kind}
            x={x}
            y={y}
            width={w}
            height={h}
            rx={kind === "start" || kind === "end" ? 14 : 9}
          />
        ))}
      </svg>
    </div>
  );
}

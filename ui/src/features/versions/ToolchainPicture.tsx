import { useInViewport } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { useToolchain } from "@/api/toolchains";
import { isDrawable } from "@/lib/flow";
import { pictureOf } from "@/lib/versions/picture";
import "@/components/tones.css";
import classes from "./Versions.module.css";

/** A toolchain as a small picture of its graph; it is asked for when it comes into view. */
export function ToolchainPicture({ id }: { id: string }) {
  const { ref, inViewport } = useInViewport<HTMLDivElement>();
  const [seen, setSeen] = useState(false);
  if (inViewport && !seen) setSeen(true);
  const { data } = useToolchain(seen ? id : null);
  const picture = useMemo(() => (data && isDrawable(data.toolchain) ? pictureOf(data.toolchain) : null), [data]);
  const { width, height } = picture ?? { width: 100, height: 40 };
  return (
    <div ref={ref} className={classes.picture}>
      <svg viewBox={`-24 -24 ${width + 48} ${height + 48}`} preserveAspectRatio="xMidYMid meet" aria-hidden>
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

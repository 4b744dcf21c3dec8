import type { UsageBar } from "@/lib/usage";
import { formatCount } from "@/lib/usage";
import classes from "./Gateway.module.css";

const HEIGHT = 96;

/** Tokens in and out over time, a bar for each hour or day. */
export function UsageChart({ bars, by }: { bars: UsageBar[]; by: "hour" | "day" }) {
  const most = Math.max(...bars.map(({ tokensIn, tokensOut }) => tokensIn + tokensOut));
  const scale = most > 0 ? HEIGHT / most : 0;
  const total = bars.reduce((sum, { tokensIn, tokensOut }) => sum + tokensIn + tokensOut, 0);
  return (
    <figure className={classes.chart}>
      <svg
        viewBox={`0 0 ${bars.length * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${formatCount(total)} tokens, at most ${formatCount(most)} in ${by === "hour" ? "an hour" : "a day"}`}
      >
        {bars.map(({ time, tokensIn, tokensOut, requests }, at) => (
          <g key={time}>
            <title>{`${timeInWords(time, by)}: ${formatCount(tokensIn)} in, ${formatCount(tokensOut)} out, ${formatCount(requests)} requests`}</title>
            <rect className={classes.hover} x={at * 10} width={10} y={0} height={HEIGHT} />
            <rect
              className={classes.out}
              x={at * 10 + 1}
              width={8}
              y={HEIGHT - tokensOut * scale}
              height={tokensOut * scale}
            />
            <rect
              className={classes.in}
              x={at * 10 + 1}
              width={8}
              y={HEIGHT - (tokensIn + tokensOut) * scale}
              height={tokensIn * scale}
            />
          </g>
        ))}
      </svg>
      <figcaption className={classes.caption}>
        <span>{bars[0] ? timeInWords(bars[0].time, by) : ""}</span>
        <span className={classes.legend}>
          <span data-part="in">tokens in</span>
          <span data-part="out">out</span>
          <span>most {formatCount(most)}</span>
        </span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}

/** Hours in the reader's time; days are those of UTC, by which usage is summed. */
function timeInWords(time: string, by: "hour" | "day"): string {
  const at = new Date(time);
  return by === "hour"
    ? at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })
    : at.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

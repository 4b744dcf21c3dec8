import { formatAgo, formatDuration } from "@/lib/format";
import { formatMemory } from "@/lib/memory";
import type { LoadRecord } from "@/models";
import classes from "./Models.module.css";

/** What the last loads cost, newest first: resident memory of the engine's process before and after, and the time. */
export function LoadHistory({ loads }: { loads: LoadRecord[] }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label="Last loads">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">When</th>
            <th scope="col" className={classes.right}>
              Memory before
            </th>
            <th scope="col" className={classes.right}>
              After
            </th>
            <th scope="col" className={classes.right}>
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {loads.map(({ model, at, seconds, rss_before_mb, rss_after_mb }, index) => (
            <tr key={`${at} ${model} ${index}`}>
              <td>{model}</td>
              <td title={new Date(at).toLocaleString()}>{formatAgo(at)}</td>
              <td className={`${classes.right ?? ""} tabular`}>{formatMemory(rss_before_mb)}</td>
              <td className={`${classes.right ?? ""} tabular`}>{formatMemory(rss_after_mb)}</td>
              <td className={`${classes.right ?? ""} tabular`}>{formatDuration(seconds * 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

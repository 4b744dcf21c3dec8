import { Text } from "@mantine/core";
import { formatDuration } from "@/lib/format";
import { overlaps, sharesOf } from "@/lib/timeAccount";
import type { TimeAccount } from "@/models";
import "@/components/tones.css";
import classes from "./TimeAccount.module.css";

/** Where the time of a run went: a bar for the eye, with a pattern for each part, and the figures. */
export function TimeAccountBar({ time }: { time: TimeAccount }) {
  const shares = sharesOf(time);
  const label = shares.map(({ label: name, ms }) => `${name} ${formatDuration(ms)}`).join(", ");
  return (
    <figure className={classes.account}>
      <div className={classes.bar} role="img" aria-label={`Time account: ${label}`}>
        {shares
          .filter(({ ms }) => ms > 0)
          .map(({ part, share, label: name, ms }) => (
            <span
              key={part}
              data-part={part}
              title={`${name}: ${formatDuration(ms)}`}
              style={{ flexGrow: Math.max(share, 0.004) }}
            />
          ))}
      </div>
      <table className={classes.legend} aria-label="Time account">
        <tbody>
          {shares.map(({ part, label: name, meaning, ms, share }) => (
            <tr key={part} data-none={ms === 0 || undefined}>
              <th scope="row" title={meaning}>
                <span className={classes.swatch} data-part={part} aria-hidden />
                {name}
              </th>
              <td className="tabular">{formatDuration(ms)}</td>
              <td className="tabular">{percent(share)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className="tabular">{formatDuration(time.total_ms)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
      {overlaps(time) ? (
        <Text size="xs" c="dimmed" mt={8}>
          Work side by side counts each, so that the parts are more than the total.
        </Text>
      ) : null}
    </figure>
  );
}

function percent(share: number): string {
  if (share === 0) return "–";
  return share < 0.005 ? "< 1 %" : `${Math.round(share * 100)} %`;
}

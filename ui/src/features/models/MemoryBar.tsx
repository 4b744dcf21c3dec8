import { formatMemory, historyOf, type MemoryShare, sharesOf } from "@/lib/memory";
import type { Device, MemoryPoint } from "@/models";
import classes from "./Models.module.css";

const WORDS: Record<MemoryShare["part"], string> = {
  models: "Models",
  planned: "Loading",
  other: "Everything else",
  free: "Free",
};

interface MemoryBarProps {
  device: Device;
  /** The last hour of all devices. */
  history: MemoryPoint[];
}

/** What holds a device's memory, as measured, and over the last hour. */
export function MemoryBar({ device, history }: MemoryBarProps) {
  const shares = sharesOf(device).filter(({ part, mb }) => part !== "planned" || mb > 0);
  const label = shares.map(({ part, mb }) => `${WORDS[part]} ${formatMemory(mb)}`).join(", ");
  const name = device.kind === "cpu" ? "This machine" : device.id;
  const budget =
    device.budget_mb && device.budget_mb < device.total_mb - 1
      ? `models may take ${formatMemory(device.budget_mb)} of `
      : "";
  return (
    <figure className={classes.device}>
      <figcaption className={classes.caption}>
        <span>{name}</span>
        <span className="tabular">
          {budget}
          {formatMemory(device.total_mb)}
        </span>
      </figcaption>
      <div className={classes.bar} role="img" aria-label={`Memory of ${name.toLowerCase()}: ${label}`}>
        {shares.map(({ part, share }) => (
          <span key={part} data-part={part} style={{ width: `${share * 100}%` }} />
        ))}
      </div>
      <History device={device} name={name} history={history} />
      <ul className={classes.legend}>
        {shares.map(({ part, mb }) => (
          <li key={part}>
            <span className={classes.swatch} data-part={part} aria-hidden />
            {WORDS[part]}
            <strong className="tabular">{formatMemory(mb)}</strong>
          </li>
        ))}
        {device.models?.map(({ model, memory_mb }) => (
          <li key={model}>
            {model}
            <strong className="tabular">{formatMemory(memory_mb)}</strong>
          </li>
        ))}
      </ul>
    </figure>
  );
}

function History({ device, name, history }: MemoryBarProps & { name: string }) {
  const last = history.at(-1);
  const drawn = last ? historyOf(history, device, Date.parse(last.at)) : null;
  if (!drawn) return null;
  return (
    <div className={classes.history}>
      <svg
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        role="img"
        aria-label={`Memory of ${name.toLowerCase()} in the last hour`}
      >
        <polygon data-part="other" points={drawn.used} />
        <polygon data-part="models" points={drawn.models} />
      </svg>
      <span>an hour ago</span>
      <span>now</span>
    </div>
  );
}

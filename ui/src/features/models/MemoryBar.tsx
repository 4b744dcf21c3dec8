import { formatMemory, type MemoryShare, sharesOf } from "@/lib/memory";
import type { Device } from "@/models";
import classes from "./Models.module.css";

const WORDS: Record<MemoryShare["part"], string> = { models: "Models", other: "Everything else", free: "Free" };

/** What holds a device's memory, as measured. */
export function MemoryBar({ device }: { device: Device }) {
  const shares = sharesOf(device);
  const label = shares.map(({ part, mb }) => `${WORDS[part]} ${formatMemory(mb)}`).join(", ");
  const name = device.kind === "cpu" ? "This machine" : device.id;
  return (
    <figure className={classes.device}>
      <figcaption className={classes.caption}>
        <span>{name}</span>
        <span className="tabular">{formatMemory(device.total_mb)}</span>
      </figcaption>
      <div className={classes.bar} role="img" aria-label={`Memory of ${name.toLowerCase()}: ${label}`}>
        {shares.map(({ part, share }) => (
          <span key={part} data-part={part} style={{ width: `${share * 100}%` }} />
        ))}
      </div>
      <ul className={classes.legend}>
        {shares.map(({ part, mb }) => (
          <li key={part}>
            <span className={classes.swatch} data-part={part} aria-hidden />
            {WORDS[part]}
            <strong className="tabular">{formatMemory(mb)}</strong>
          </li>
        ))}
      </ul>
    </figure>
  );
}

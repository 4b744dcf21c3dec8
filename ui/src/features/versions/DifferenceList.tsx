import { Loader, Text } from "@mantine/core";
import { useToolchainDiff } from "@/api/toolchains";
import { Failure } from "@/components/Failure";
import { plural } from "@/lib/format";
import type { Difference, Toolchain } from "@/models";
import "@/components/tones.css";
import classes from "./Versions.module.css";

/** What differs between two versions, or a version and a draft: by name where it is, with what it was and what it is. */
export function DifferenceList({ id, from, to }: { id: string; from: number; to: number | Toolchain }) {
  const { data, error, refetch } = useToolchainDiff(id, from, to);
  if (error) return <Failure fault={error} onRetry={() => void refetch()} />;
  if (!data) return <Loader size="xs" aria-label="Comparing" />;
  return (
    <div className={classes.differences}>
      <Text size="xs" c="dimmed">
        {data.length === 0 ? "Nothing differs" : plural(data.length, "change")} since version {from}
      </Text>
      <ul>
        {data.map((difference) => (
          <li key={`${difference.path} ${difference.change}`} data-change={difference.change}>
            <span className={classes.mark} aria-hidden>
              {MARKS[difference.change]}
            </span>
            <div className={classes.what}>
              <code>{difference.path}</code> <span className={classes.word}>{difference.change}</span>
              <Sides difference={difference} />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

const MARKS: Record<Difference["change"], string> = { added: "+", removed: "−", changed: "~", reordered: "⇅" };

function Sides({ difference: { change, before, after } }: { difference: Difference }) {
  return (
    <>
      {change === "added" ? null : <del>{written(before)}</del>}
      {change === "removed" ? null : <ins>{written(after)}</ins>}
    </>
  );
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

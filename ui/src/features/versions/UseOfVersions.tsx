import { Text } from "@mantine/core";
import { Link } from "react-router";
import { formatAgo, plural } from "@/lib/format";
import type { ToolchainUse } from "@/models";
import classes from "./Versions.module.css";

/** Who runs which version: runs, what starts them by itself, and other toolchains. */
export function UseOfVersions({ use }: { use: ToolchainUse }) {
  const { counted, versions, schedules, webhooks, subchains } = use;
  const starters = [
    schedules > 0 ? plural(schedules, "schedule") : null,
    webhooks > 0 ? plural(webhooks, "webhook") : null,
  ].filter((word) => word !== null);
  if (counted === 0 && starters.length === 0 && subchains.length === 0) return null;
  return (
    <details className={classes.use}>
      <summary>Who runs which version</summary>
      {versions.length > 0 ? (
        <table className={classes.useTable} aria-label="Runs by version">
          <tbody>
            {versions.map(({ version, runs, open_runs: open, last_run_at: last }) => (
              <tr key={version}>
                <th scope="row">{version === 0 ? "Drafts" : `Version ${version}`}</th>
                <td className="tabular">
                  {plural(runs, "run")}
                  {open > 0 ? `, ${open} under way` : ""}
                </td>
                <td>{formatAgo(last)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {starters.length > 0 ? (
        <Text size="xs" c="dimmed">
          {starters.join(" and ")} run the version that runs take.
        </Text>
      ) : null}
      {subchains.map(({ toolchain_id: id, title, version }) => (
        <Text key={`${id} ${version ?? ""}`} size="xs" c="dimmed">
          <Link to={`/toolchains/${id}`}>
            <bdi>{title}</bdi>
          </Link>{" "}
          runs {version === null ? "the version that runs take" : `version ${version}`}.
        </Text>
      ))}
    </details>
  );
}

import { Text } from "@mantine/core";
import { formatCount } from "@/lib/usage";
import type { UsageRow } from "@/models";
import classes from "./Gateway.module.css";

export type Grouping = "model" | "api_key" | "user";

const HEADS: Record<Grouping, string> = { model: "Model", api_key: "API key", user: "User" };

/** Sums, the largest first. */
export function UsageTable({ rows, grouping }: { rows: UsageRow[]; grouping: Grouping }) {
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing was asked in this time.
      </Text>
    );
  }
  const sorted = [...rows].sort((a, b) => b.tokens_in + b.tokens_out - (a.tokens_in + a.tokens_out));
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Usage">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{HEADS[grouping]}</th>
            <th scope="col">Requests</th>
            <th scope="col">Failed</th>
            <th scope="col">Tokens in</th>
            <th scope="col">Cached</th>
            <th scope="col">Out</th>
          </tr>
        </thead>
        <tbody className="tabular">
          {sorted.map((row) => (
            <tr key={nameOf(row, grouping) + (row.api_key_id ?? "")}>
              <th scope="row">{nameOf(row, grouping)}</th>
              <td>{row.requests.toLocaleString("en")}</td>
              <td data-bad={row.failed > 0 || undefined}>{row.failed.toLocaleString("en")}</td>
              <td title={row.estimated > 0 ? `of ${row.estimated} requests estimated` : undefined}>
                {row.estimated > 0 ? "≈ " : ""}
                {formatCount(row.tokens_in)}
              </td>
              <td>{formatCount(row.tokens_cached)}</td>
              <td>{formatCount(row.tokens_out)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function nameOf(row: UsageRow, grouping: Grouping): string {
  switch (grouping) {
    case "model":
      return row.model ?? "";
    case "user":
      return row.username ?? "";
    case "api_key":
      return row.api_key_title ?? (row.api_key_id ? "a deleted key" : "log-ins");
  }
}

import { Text } from "@mantine/core";
import { useMemo } from "react";
import { plural } from "@/lib/format";
import { tableOf } from "@/lib/pageTable";
import { valueOf } from "@/lib/pageValues";
import type { PageElement } from "@/models";
import { useOpenPage } from "../runtime";
import classes from "./Elements.module.css";

const NONE: [] = [];

export function TableElement({ element }: { element: Extract<PageElement, { kind: "table" }> }) {
  const { act, scope } = useOpenPage();
  const given = valueOf(element.rows, scope);
  const { columns, rows, hidden } = useMemo(() => tableOf(given, element.columns ?? NONE), [given, element.columns]);
  const actions = element.on_select ?? NONE;
  const name = element.label || "Table";
  return (
    <div className={classes.labelled}>
      {element.label ? <span className={classes.label}>{element.label}</span> : null}
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing here yet.
        </Text>
      ) : (
        <div className={classes.scroll} tabIndex={0} role="region" aria-label={name}>
          <table className={classes.table}>
            <thead>
              <tr>
                {columns.map(({ field, title }) => (
                  <th key={field} scope="col">
                    {title}
                  </th>
                ))}
                {actions.length > 0 ? <th aria-label="Open" /> : null}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ value, cells }, index) => (
                <tr key={index}>
                  {cells.map((cell, column) => (
                    <td key={column}>{cell}</td>
                  ))}
                  {actions.length > 0 ? (
                    <td className={classes.choose}>
                      <button
                        type="button"
                        aria-label={`Open row ${index + 1}`}
                        onClick={() => void act(actions, { row: value ?? null, index })}
                      >
                        Open
                      </button>
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hidden > 0 ? (
        <Text size="sm" c="dimmed">
          {plural(hidden, "row")} more
        </Text>
      ) : null}
    </div>
  );
}

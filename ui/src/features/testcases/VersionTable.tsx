import { Table, Text } from "@mantine/core";
import { Link } from "react-router";
import { IconCheck, IconClose } from "@/components/icons";
import { namesOf } from "@/lib/cases/results";
import type { CaseTable, CaseTableRow } from "@/models";
import "@/components/tones.css";
import classes from "./VersionTable.module.css";

interface VersionTableProps {
  table: CaseTable;
  id: string;
  /** The version that the page is about. */
  shown: number | null;
}

/** Which case passed in which version, the last time that it was run there. */
export function VersionTable({ table, id, shown }: VersionTableProps) {
  const names = namesOf(table);
  const rows = table.rows.filter(({ cases }) => cases.length > 0);
  if (rows.length === 0) return null;
  return (
    <section className={classes.versions} aria-label="Versions">
      <h3 className={classes.heading}>Over versions</h3>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label="Cases by versions">
        <Table withRowBorders={false} verticalSpacing={4} horizontalSpacing={8} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Case</Table.Th>
              {rows.map(({ version, published }) => (
                <Table.Th key={version} scope="col" className={classes.version ?? ""} data-shown={version === shown}>
                  <Link to={`/toolchains/${id}?version=${version}`} title={published ? "Published" : undefined}>
                    {version}
                    {published ? <span aria-label="published">*</span> : null}
                  </Link>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {names.map((name) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" className={classes.name ?? ""} title={name}>
                  {name}
                </Table.Th>
                {rows.map((row) => (
                  <Table.Td key={row.version} className={classes.cell ?? ""}>
                    <Cell row={row} name={name} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {rows.some(({ published }) => published) ? (
        <Text size="xs" c="dimmed" mt={4}>
          * published
        </Text>
      ) : null}
    </section>
  );
}

function Cell({ row, name }: { row: CaseTableRow; name: string }) {
  const result = row.results.find((each) => each.name === name);
  if (!result) {
    const word = row.cases.includes(name) ? "not run" : "no such case";
    return (
      <span className={classes.none} title={word} aria-label={word} role="img">
        {row.cases.includes(name) ? "·" : ""}
      </span>
    );
  }
  const passed = result.status === "passed";
  const mark = passed ? <IconCheck size={14} strokeWidth={2.4} /> : <IconClose size={14} strokeWidth={2.4} />;
  const label = passed ? "passed" : "failed";
  return result.run_id ? (
    <Link to={`/runs/${result.run_id}`} className={classes.mark} data-passed={passed} aria-label={label} title={label}>
      {mark}
    </Link>
  ) : (
    <span className={classes.mark} data-passed={passed} role="img" aria-label={label} title={label}>
      {mark}
    </span>
  );
}

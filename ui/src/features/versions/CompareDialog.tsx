import { Group, Loader, SegmentedControl, Select, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useToolchain } from "@/api/toolchains";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { ToolchainGraph } from "@/components/graph";
import { plural } from "@/lib/format";
import { changesOf, type Mark } from "@/lib/versions/changes";
import type { Toolchain, ToolchainVersion } from "@/models";
import { DifferenceList } from "./DifferenceList";
import classes from "./Versions.module.css";

/** Two versions; null for the draft. */
export interface Compared {
  from: number;
  to: number | null;
}

interface CompareDialogProps {
  id: string;
  compared: Compared;
  versions: readonly Pick<ToolchainVersion, "version">[];
  /** What is being written, where something is. */
  draft: Toolchain | null;
  onClose: () => void;
}

const DRAFT = "draft";

/** Any two versions, or a version and the draft: drawn in one graph, or told one by one. */
export function CompareDialog({ id, compared, versions, draft, onClose }: CompareDialogProps) {
  const [{ from, to }, choose] = useState(compared);
  const [view, setView] = useState<"graph" | "list">("graph");
  const names = versions.map(({ version }) => ({ value: String(version), label: `Version ${version}` }));
  const others = draft ? [{ value: DRAFT, label: "This draft" }, ...names] : names;
  return (
    <Dialog opened onClose={onClose} size="min(1200px, 94vw)" title={<Text fw={600}>What differs</Text>}>
      <Group gap="sm" mb="md" align="flex-end">
        <Select
          size="xs"
          label="From"
          data={names}
          value={String(from)}
          allowDeselect={false}
          onChange={(value) => choose({ from: Number(value), to })}
        />
        <Select
          size="xs"
          label="To"
          data={others}
          value={to === null ? DRAFT : String(to)}
          allowDeselect={false}
          onChange={(value) => choose({ from, to: value === DRAFT ? null : Number(value) })}
        />
        <SegmentedControl
          size="xs"
          aria-label="Show it as"
          data={[
            { value: "graph", label: "Graph" },
            { value: "list", label: "List" },
          ]}
          value={view}
          onChange={(next) => setView(next === "graph" ? "graph" : "list")}
        />
      </Group>
      {view === "graph" ? (
        <Drawn id={id} from={from} to={to} draft={draft} />
      ) : (
        <DifferenceList id={id} from={from} to={to ?? draft ?? from} />
      )}
    </Dialog>
  );
}

interface DrawnProps {
  id: string;
  from: number;
  to: number | null;
  draft: Toolchain | null;
}

function Drawn({ id, from, to, draft }: DrawnProps) {
  const old = useToolchain(id, from);
  const other = useToolchain(to === null ? null : id, to);
  const before = old.data?.toolchain;
  const after = to === null ? (draft ?? undefined) : other.data?.toolchain;
  const changes = useMemo(() => (before && after ? changesOf(before, after) : null), [before, after]);
  const fault = old.error ?? (to === null ? null : other.error);
  if (fault) return <Failure fault={fault} />;
  if (!changes) return <Loader size="sm" aria-label="Comparing" />;
  return (
    <>
      <p className={classes.legend} role="status">
        {(["added", "removed", "changed"] as const).map((mark) => (
          <span key={mark} data-mark={mark}>
            {countOf(changes.nodes, mark)} {mark}
          </span>
        ))}
      </p>
      <div className={classes.drawn}>
        <ToolchainGraph toolchain={changes.union} marks={changes} still />
      </div>
    </>
  );
}

function countOf(marks: ReadonlyMap<string, Mark>, mark: Mark): string {
  return plural([...marks.values()].filter((one) => one === mark).length, "node");
}

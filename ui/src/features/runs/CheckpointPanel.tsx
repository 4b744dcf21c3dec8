import { Badge, Button, Group, Loader, Switch, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useWholeCheckpoint } from "@/api/checkpoints";
import { useForkRun } from "@/api/runs";
import { Failure } from "@/components/Failure";
import { Section } from "@/components/graph/NodeDetails";
import { IconFork, IconRefresh } from "@/components/icons";
import { JsonTree } from "@/components/JsonTree";
import { toast } from "@/components/toast";
import { asDraft } from "@/lib/tryit/pins";
import { beforeNode, keysOf } from "@/lib/checkpoints";
import { stepInWords } from "@/lib/stepWords";
import type { RunTrace } from "@/lib/trace";
import type { RunDetail, Toolchain } from "@/models";
import classes from "./CheckpointPanel.module.css";
import { ForkDialog } from "./ForkDialog";
import type { Travel } from "./useTravel";

interface CheckpointPanelProps {
  detail: RunDetail;
  trace: RunTrace;
  travel: Travel;
  /** A draft that forks go on with, in the place of what was run. */
  draft?: Toolchain | undefined;
  onForked: (runId: string) => void;
}

/** A run at one of its steps: the state, what the step changed in it and gave, and ways to go on from there. */
export function CheckpointPanel({ detail, trace, travel, draft, onForked }: CheckpointPanelProps) {
  const [forking, setForking] = useState(false);
  const { checkpoint, error } = useWholeCheckpoint(detail.run_id, travel.checkpoint);
  const { checkpoint: before } = useWholeCheckpoint(detail.run_id, travel.before);
  if (error) return <Failure fault={error} />;
  if (!checkpoint)
    return travel.loading || travel.checkpoint ? <Loader size="sm" aria-label="Loading the step" /> : null;
  return (
    <>
      <Title order={2} size="h5">
        {stepInWords(checkpoint, trace, detail.toolchain)}
      </Title>
      <Text size="sm" c="dimmed">
        Step {checkpoint.step}, {new Date(checkpoint.at).toLocaleString()}
      </Text>
      <Group gap="xs" mt="sm" mb="lg">
        <Button size="sm" leftSection={<IconFork size={16} />} onClick={() => setForking(true)}>
          Fork from here
        </Button>
        <Again travel={travel} draft={draft} onForked={onForked} />
      </Group>
      {checkpoint.state ? <State state={checkpoint.state} before={before?.state ?? null} /> : null}
      {checkpoint.node === null ? null : (
        <Section title="What the step gave">
          <JsonTree value={checkpoint.result} label="Result of the step" />
        </Section>
      )}
      {forking && checkpoint.state ? (
        <ForkDialog
          checkpoint={checkpoint}
          state={checkpoint.state}
          keys={(draft ?? detail.toolchain).state ?? {}}
          draft={draft}
          onForked={onForked}
          onClose={() => setForking(false)}
        />
      ) : null}
    </>
  );
}

/** Does the node once more whose end is looked at, in a run of its own. */
function Again({
  travel: { checkpoint, checkpoints },
  draft,
  onForked,
}: Pick<CheckpointPanelProps, "travel" | "draft" | "onForked">) {
  const fork = useForkRun();
  const from = checkpoint?.node ? beforeNode(checkpoints, checkpoint.node) : null;
  if (!from) return null;
  return (
    <>
      <Button
        size="sm"
        variant="default"
        leftSection={<IconRefresh size={15} />}
        loading={fork.isPending}
        onClick={() =>
          fork.mutate(
            { checkpoint_id: from.checkpoint_id, ...(draft ? asDraft(draft) : {}) },
            {
              onSuccess: ({ run_id }) => {
                toast("done", "A new run does this node again.");
                onForked(run_id);
              },
            },
          )
        }
      >
        Run again from this node
      </Button>
      {fork.error ? <Failure fault={fork.error} /> : null}
    </>
  );
}

function State({ state, before }: { state: Record<string, unknown>; before: Record<string, unknown> | null }) {
  const [only, setOnly] = useState(false);
  const keys = keysOf(state, before);
  const changed = keys.filter(({ change }) => change !== null);
  const shown = only ? changed : keys;
  return (
    <Section title="State">
      {keys.length === 0 ? <Text size="sm">The toolchain has no state.</Text> : null}
      {keys.length > 0 && before !== null ? (
        <Group justify="space-between" mb="xs">
          <Text size="sm" c="dimmed">
            {changed.length === 0
              ? "The step changed nothing."
              : `The step changed ${changed.length} of ${keys.length}.`}
          </Text>
          <Switch
            size="xs"
            label="Only what changed"
            checked={only}
            onChange={(event) => setOnly(event.currentTarget.checked)}
          />
        </Group>
      ) : null}
      <ul className={classes.keys}>
        {shown.map(({ name, value, change }) => (
          <li key={name} data-changed={change !== null || undefined}>
            <div className={classes.name}>
              <code>{name}</code>
              {change === null ? null : (
                <Badge size="sm" variant="light" color="gray" tt="none" fw={560}>
                  {change}
                </Badge>
              )}
            </div>
            <JsonTree value={value} label={`State ${name}`} open={1} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

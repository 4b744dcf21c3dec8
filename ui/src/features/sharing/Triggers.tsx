import { ActionIcon, Button, Group, Loader, Text } from "@mantine/core";
import { type Key, type ReactNode, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Failure } from "@/components/Failure";
import { IconPlus, IconTrash } from "@/components/icons";
import type { DeliveriesRequest } from "@/models";
import { Deliveries } from "./Deliveries";
import { Part } from "./Part";
import classes from "./Sharing.module.css";

interface TriggersProps<Trigger> {
  title: string;
  about: string;
  /** What they are called together: "schedules". */
  plural: string;
  /** What the button for a new one says. */
  add: string;
  found: { data: Trigger[] | undefined; error: Error | null; refetch: () => unknown };
  keyOf: (trigger: Trigger) => Key;
  item: (trigger: Trigger) => ReactNode;
  dialog: (onClose: () => void) => ReactNode;
}

/** What starts runs of a toolchain by itself, of one kind. */
export function Triggers<Trigger>({ title, about, plural, add, found, keyOf, item, dialog }: TriggersProps<Trigger>) {
  const { data, error, refetch } = found;
  const [creating, setCreating] = useState(false);
  return (
    <Part title={title} about={about}>
      {error ? <Failure fault={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Loader size="sm" aria-label={`Loading the ${plural}`} /> : null}
      {data && data.length > 0 ? (
        <ul className={classes.triggers} aria-label={plural.charAt(0).toUpperCase() + plural.slice(1)}>
          {data.map((trigger) => (
            <li key={keyOf(trigger)}>{item(trigger)}</li>
          ))}
        </ul>
      ) : null}
      <Button size="sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setCreating(true)}>
        {add}
      </Button>
      {creating ? dialog(() => setCreating(false)) : null}
    </Part>
  );
}

interface TriggerProps {
  name: string;
  about: ReactNode;
  /** What can be done with it beside deleting it. */
  controls: ReactNode;
  of: Pick<DeliveriesRequest, "schedule_id" | "webhook_id">;
  removal: { isPending: boolean; error: Error | null };
  /** What comes of deleting it. */
  warning: string;
  onRemove: () => void;
}

/** One of them, with what came of its last times. */
export function Trigger({ name, about, controls, of, removal, warning, onRemove }: TriggerProps) {
  const [doomed, setDoomed] = useState(false);
  return (
    <article aria-label={name}>
      <Group gap="xs" wrap="nowrap" align="center">
        <div className={classes.what}>
          <span className={classes.name}>{name}</span>
          <Text size="xs" c="dimmed" className={classes.about ?? ""}>
            {about}
          </Text>
        </div>
        {controls}
        <ActionIcon variant="subtle" color="gray" aria-label={`Delete “${name}”`} onClick={() => setDoomed(true)}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <Deliveries of={of} />
      <ConfirmDialog
        opened={doomed}
        title={`Delete “${name}”?`}
        action="Delete"
        pending={removal.isPending}
        fault={removal.error}
        onConfirm={onRemove}
        onClose={() => setDoomed(false)}
      >
        {warning}
      </ConfirmDialog>
    </article>
  );
}

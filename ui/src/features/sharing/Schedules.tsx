import { ActionIcon, Button, Group, Loader, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useDeleteSchedule, useModifySchedule, useSchedules } from "@/api/triggers";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Failure } from "@/components/Failure";
import { IconPlus, IconTrash } from "@/components/icons";
import { toastFailure } from "@/components/toast";
import type { Schedule, Toolchain } from "@/models";
import { Deliveries } from "./Deliveries";
import { Part } from "./Part";
import { ScheduleDialog } from "./ScheduleDialog";
import classes from "./Sharing.module.css";

/** When the toolchain runs by the clock. */
export function Schedules({ toolchain }: { toolchain: Toolchain }) {
  const { data, error, refetch } = useSchedules(toolchain.id);
  const [creating, setCreating] = useState(false);
  return (
    <Part title="By the clock" about="Its runs may do what you may.">
      {error ? <Failure fault={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Loader size="sm" aria-label="Loading the schedules" /> : null}
      {data && data.length > 0 ? (
        <ul className={classes.triggers} aria-label="Schedules">
          {data.map((schedule) => (
            <li key={schedule.schedule_id}>
              <ScheduleItem schedule={schedule} />
            </li>
          ))}
        </ul>
      ) : null}
      <Button size="sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setCreating(true)}>
        New schedule
      </Button>
      {creating ? <ScheduleDialog toolchain={toolchain} onClose={() => setCreating(false)} /> : null}
    </Part>
  );
}

function ScheduleItem({ schedule }: { schedule: Schedule }) {
  const { schedule_id, toolchain_id, title, cron, time_zone, enabled, next_at } = schedule;
  const modify = useModifySchedule(toolchain_id);
  const remove = useDeleteSchedule(toolchain_id);
  const [doomed, setDoomed] = useState(false);
  const name = title === "" ? cron : title;
  return (
    <article aria-label={name}>
      <Group gap="xs" wrap="nowrap" align="center">
        <div className={classes.what}>
          <span className={classes.name}>{name}</span>
          <Text size="xs" c="dimmed">
            <code>{cron}</code> {time_zone}
            {next_at ? ` · next ${new Date(next_at).toLocaleString()}` : " · not enabled"}
          </Text>
        </div>
        <Switch
          size="sm"
          aria-label={`Enable “${name}”`}
          checked={enabled}
          disabled={modify.isPending}
          onChange={() => modify.mutate({ schedule_id, enabled: !enabled }, { onError: toastFailure })}
        />
        <ActionIcon variant="subtle" color="gray" aria-label={`Delete “${name}”`} onClick={() => setDoomed(true)}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <Deliveries of={{ schedule_id }} />
      <ConfirmDialog
        opened={doomed}
        title={`Delete “${name}”?`}
        action="Delete"
        pending={remove.isPending}
        fault={remove.error}
        onConfirm={() => remove.mutate(schedule_id)}
        onClose={() => setDoomed(false)}
      >
        It starts no more runs. Those that it started stay.
      </ConfirmDialog>
    </article>
  );
}

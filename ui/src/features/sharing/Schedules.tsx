import { Switch } from "@mantine/core";
import { useDeleteSchedule, useModifySchedule, useSchedules } from "@/api/triggers";
import { toastFailure } from "@/components/toast";
import type { Schedule, Toolchain } from "@/models";
import { ScheduleDialog } from "./ScheduleDialog";
import { Trigger, Triggers } from "./Triggers";

/** When the toolchain runs by the clock. */
export function Schedules({ toolchain }: { toolchain: Toolchain }) {
  return (
    <Triggers
      title="By the clock"
      about="Its runs may do what you may."
      plural="schedules"
      add="New schedule"
      found={useSchedules(toolchain.id)}
      keyOf={(schedule) => schedule.schedule_id}
      item={(schedule) => <ScheduleItem schedule={schedule} />}
      dialog={(onClose) => <ScheduleDialog toolchain={toolchain} onClose={onClose} />}
    />
  );
}

function ScheduleItem({ schedule }: { schedule: Schedule }) {
  const { schedule_id, toolchain_id, title, cron, time_zone, enabled, next_at } = schedule;
  const modify = useModifySchedule(toolchain_id);
  const remove = useDeleteSchedule(toolchain_id);
  const name = title === "" ? cron : title;
  return (
    <Trigger
      name={name}
      about={
        <>
          <code>{cron}</code> {time_zone}
          {next_at ? ` · next ${new Date(next_at).toLocaleString()}` : " · not enabled"}
        </>
      }
      controls={
        <Switch
          size="sm"
          aria-label={`Enable “${name}”`}
          checked={enabled}
          disabled={modify.isPending}
          onChange={() => modify.mutate({ schedule_id, enabled: !enabled }, { onError: toastFailure })}
        />
      }
      of={{ schedule_id }}
      removal={remove}
      warning="It starts no more runs. Those that it started stay."
      onRemove={() => remove.mutate(schedule_id)}
    />
  );
}

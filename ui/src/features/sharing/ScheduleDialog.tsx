import { Stack, Text, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { ApiError } from "@/api/client";
import { useCreateSchedule } from "@/api/triggers";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { SchemaForm } from "@/components/form/SchemaForm";
import { toast } from "@/components/toast";
import { fieldOfFault } from "@/lib/formFaults";
import { isObject } from "@/lib/json";
import { formOf } from "@/lib/schemaForm";
import type { Toolchain } from "@/models";

/** When a toolchain is to run, and with which input. */
export function ScheduleDialog({ toolchain, onClose }: { toolchain: Toolchain; onClose: () => void }) {
  const create = useCreateSchedule(toolchain.id);
  const form = useMemo(() => formOf(toolchain.input), [toolchain.input]);
  const [title, setTitle] = useState("");
  const [cron, setCron] = useState("0 8 * * *");
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const field = create.error instanceof ApiError ? create.error.field : null;
  const path = create.error instanceof ApiError ? fieldOfFault(form, field, "input") : null;
  const of = (name: string) => (field === name ? create.error?.message : null);

  function submit(value: unknown) {
    create.mutate(
      { toolchain_id: toolchain.id, title: title.trim(), cron, time_zone: zone, input: isObject(value) ? value : {} },
      {
        onSuccess: () => {
          toast("done", "The schedule is set.");
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      title={<Text fw={600}>New schedule</Text>}
      data-testid="schedule-dialog"
    >
      <Stack gap="md" mb="md">
        {create.error && path === null && of("cron") === null && of("time_zone") === null ? (
          <Failure fault={create.error} />
        ) : null}
        <TextInput
          label="Title"
          placeholder="What it is for"
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label="When"
          description="Minute, hour, day of the month, month, day of the week; or @hourly, @daily, @weekly, @monthly."
          maxLength={200}
          value={cron}
          error={of("cron")}
          onChange={(event) => setCron(event.currentTarget.value)}
        />
        <TextInput
          label="Time zone"
          placeholder="Europe/Berlin"
          maxLength={100}
          value={zone}
          error={of("time_zone")}
          onChange={(event) => setZone(event.currentTarget.value)}
        />
      </Stack>
      <SchemaForm
        form={form}
        label="Input"
        action="Set it"
        pending={create.isPending}
        fault={create.error && path !== null ? { path, message: create.error.message } : null}
        onSubmit={submit}
      />
    </Dialog>
  );
}

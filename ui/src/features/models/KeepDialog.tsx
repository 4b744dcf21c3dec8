import { Alert, Button, Group, NumberInput, Stack, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useModifyModel } from "@/api/models";
import { Dialog } from "@/components/Dialog";
import { inWords } from "@/lib/words";
import type { Model } from "@/models";

/** When a model gives its memory back. */
export function KeepDialog({ model, onClose }: { model: Model; onClose: () => void }) {
  const modify = useModifyModel();
  const [pin, setPin] = useState(model.pin ?? false);
  const [minutes, setMinutes] = useState<number | string>(model.ttl_seconds ? model.ttl_seconds / 60 : "");
  const [priority, setPriority] = useState<number | string>(model.priority ?? 0);

  function save() {
    const ttl_seconds = typeof minutes === "number" ? Math.max(Math.round(minutes * 60), 1) : null;
    modify.mutate({ model: model.id, pin, ttl_seconds, priority: Number(priority) }, { onSuccess: onClose });
  }

  return (
    <Dialog opened onClose={onClose} title={<Text fw={600}>{model.id}</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Stack gap="md">
          {modify.error ? (
            <Alert color="red" role="alert">
              {inWords(modify.error)}
            </Alert>
          ) : null}
          <Switch
            label="Pinned"
            description="Loaded at the start and kept, whatever others want."
            checked={pin}
            onChange={(event) => setPin(event.currentTarget.checked)}
          />
          <NumberInput
            label="Minutes unused until it ends"
            description="Left empty, it ends when others want its memory."
            min={0}
            decimalScale={1}
            value={minutes}
            onChange={setMinutes}
          />
          <NumberInput
            label="Priority"
            description="From -100 to 100. It is loaded before models of a lower one."
            min={-100}
            max={100}
            allowDecimal={false}
            value={priority}
            onChange={setPriority}
          />
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={modify.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

import { Alert, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useCreateApiKey } from "@/api/apiKeys";
import { CopyButton } from "@/components/CopyButton";
import { Dialog } from "@/components/Dialog";
import classes from "./ApiKeysSection.module.css";

const LIVES = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "", label: "Never" },
];

export function CreateKeyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const create = useCreateApiKey();
  const secret = create.data?.api_key;

  function close() {
    onClose();
    create.reset();
  }

  return (
    <Dialog
      opened={opened}
      onClose={close}
      // A key that is lost by a slip of the mouse would have to be made again.
      closeOnClickOutside={!secret}
      title={<Text fw={600}>{secret ? "Your new key" : "New API key"}</Text>}
    >
      {secret ? (
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            Copy it now: it is shown this once.
          </Text>
          <div className={classes.secret}>
            <code data-testid="api-key">{secret}</code>
            <CopyButton text={secret} label="Copy key" />
          </div>
          <Group justify="flex-end">
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <KeyForm
          pending={create.isPending}
          fault={create.error?.message ?? null}
          onCancel={close}
          onCreate={(title, expires_at) => create.mutate({ title, expires_at })}
        />
      )}
    </Dialog>
  );
}

interface KeyFormProps {
  pending: boolean;
  fault: string | null;
  onCancel: () => void;
  onCreate: (title: string, expiresAt: string | null) => void;
}

function KeyForm({ pending, fault, onCancel, onCreate }: KeyFormProps) {
  const [title, setTitle] = useState("");
  const [days, setDays] = useState("");

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (title.trim() === "") return;
    onCreate(title.trim(), days === "" ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString());
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {fault ? (
          <Alert color="red" role="alert">
            {fault}
          </Alert>
        ) : null}
        <TextInput
          label="Title"
          placeholder="What uses it"
          maxLength={120}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label="Expires"
          data={LIVES}
          value={days}
          allowDeselect={false}
          onChange={(value) => setDays(value ?? "")}
        />
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={pending} disabled={title.trim() === ""}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

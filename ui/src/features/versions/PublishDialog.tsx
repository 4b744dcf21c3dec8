import { Button, Group, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { usePublishToolchain } from "@/api/toolchains";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { toast } from "@/components/toast";

interface PublishDialogProps {
  id: string;
  /** Null: it is saved first, as what `save` gives. */
  version: number | null;
  /** Saves what is written; null when that failed, which was told. */
  save?: () => Promise<number | null>;
  onClose: () => void;
}

/** Makes a version the one that runs take, with a note of what is new in it. */
export function PublishDialog({ id, version, save, onClose }: PublishDialogProps) {
  const publish = usePublishToolchain(id);
  const [note, setNote] = useState("");
  const [saving, setSaving] = useState(false);

  async function submit() {
    setSaving(true);
    const named = version ?? (await save?.()) ?? null;
    setSaving(false);
    if (named === null) {
      onClose();
      return;
    }
    const said = note.trim();
    publish.mutate(
      { version: named, note: said === "" ? null : said },
      {
        onSuccess: () => {
          toast("done", `Version ${named} is published.`);
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      title={<Text fw={600}>{version === null ? "Save and publish" : `Publish version ${version}`}</Text>}
    >
      <Text size="sm" c="dimmed" mb="md">
        Runs that name no version take it from now on: also as a model, in conversations, by schedules and webhooks.
      </Text>
      <Textarea
        label="What is new"
        placeholder="It may stay empty"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
      {publish.error ? <Failure fault={publish.error} /> : null}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={saving || publish.isPending} onClick={() => void submit()}>
          Publish
        </Button>
      </Group>
    </Dialog>
  );
}

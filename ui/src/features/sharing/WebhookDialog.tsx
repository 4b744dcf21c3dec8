import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useCreateWebhook } from "@/api/triggers";
import { CodeTabs } from "@/components/CodeTabs";
import { CopyButton } from "@/components/CopyButton";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { webhookSnippet } from "@/lib/snippets";
import type { CreateWebhookResult } from "@/models";
import classes from "./Sharing.module.css";

/** Makes a webhook, and shows its secret this once. */
export function WebhookDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const create = useCreateWebhook(id);
  const [title, setTitle] = useState("");

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    create.mutate({ toolchain_id: id, title: title.trim() });
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      // A secret that is lost by a slip of the mouse would have to be made again.
      closeOnClickOutside={!create.data}
      title={<Text fw={600}>{create.data ? "Your new webhook" : "New webhook"}</Text>}
    >
      {create.data ? (
        <Made made={create.data} onClose={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            {create.error ? <Failure fault={create.error} /> : null}
            <TextInput
              label="Title"
              placeholder="Who calls it"
              maxLength={200}
              value={title}
              onChange={(event) => setTitle(event.currentTarget.value)}
              data-autofocus
            />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending}>
                Make it
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

function Made({ made: { url, secret }, onClose }: { made: CreateWebhookResult; onClose: () => void }) {
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        Copy its secret now: it is shown this once.
      </Text>
      <div className={classes.secret}>
        <code data-testid="webhook-secret">{secret}</code>
        <CopyButton text={secret} label="Copy the secret" />
      </div>
      <CodeTabs tabs={[{ value: "curl", label: "curl", code: webhookSnippet(window.location.origin, url) }]} />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}

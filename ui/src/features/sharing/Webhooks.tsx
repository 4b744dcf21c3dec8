import { ActionIcon, Button, Group, Loader, Text } from "@mantine/core";
import { useState } from "react";
import { useDeleteWebhook, useWebhooks } from "@/api/triggers";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { CopyButton } from "@/components/CopyButton";
import { Failure } from "@/components/Failure";
import { IconPlus, IconTrash } from "@/components/icons";
import type { Webhook } from "@/models";
import { Deliveries } from "./Deliveries";
import { Part } from "./Part";
import { WebhookDialog } from "./WebhookDialog";
import classes from "./Sharing.module.css";

/** Addresses by which other systems start the toolchain. */
export function Webhooks({ id }: { id: string }) {
  const { data, error, refetch } = useWebhooks(id);
  const [creating, setCreating] = useState(false);
  return (
    <Part title="By a webhook" about="A POST of JSON with the webhook’s secret starts a run that may do what you may.">
      {error ? <Failure fault={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Loader size="sm" aria-label="Loading the webhooks" /> : null}
      {data && data.length > 0 ? (
        <ul className={classes.triggers} aria-label="Webhooks">
          {data.map((webhook) => (
            <li key={webhook.webhook_id}>
              <WebhookItem webhook={webhook} />
            </li>
          ))}
        </ul>
      ) : null}
      <Button size="sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setCreating(true)}>
        New webhook
      </Button>
      {creating ? <WebhookDialog id={id} onClose={() => setCreating(false)} /> : null}
    </Part>
  );
}

function WebhookItem({ webhook: { webhook_id, toolchain_id, title, url } }: { webhook: Webhook }) {
  const remove = useDeleteWebhook(toolchain_id);
  const [doomed, setDoomed] = useState(false);
  const name = title === "" ? "Webhook" : title;
  return (
    <article aria-label={name}>
      <Group gap="xs" wrap="nowrap" align="center">
        <div className={classes.what}>
          <span className={classes.name}>{name}</span>
          <Text size="xs" c="dimmed" className={classes.address ?? ""}>
            <code>{url}</code>
          </Text>
        </div>
        <CopyButton text={`${window.location.origin}${url}`} label="Copy the address" />
        <ActionIcon variant="subtle" color="gray" aria-label={`Delete “${name}”`} onClick={() => setDoomed(true)}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <Deliveries of={{ webhook_id }} />
      <ConfirmDialog
        opened={doomed}
        title={`Delete “${name}”?`}
        action="Delete"
        pending={remove.isPending}
        fault={remove.error}
        onConfirm={() => remove.mutate(webhook_id)}
        onClose={() => setDoomed(false)}
      >
        Whoever calls it is refused from now on. The runs that it started stay.
      </ConfirmDialog>
    </article>
  );
}

import { useDeleteWebhook, useWebhooks } from "@/api/triggers";
import { CopyButton } from "@/components/CopyButton";
import type { Webhook } from "@/models";
import { Trigger, Triggers } from "./Triggers";
import { WebhookDialog } from "./WebhookDialog";

/** Addresses by which other systems start the toolchain. */
export function Webhooks({ id }: { id: string }) {
  return (
    <Triggers
      title="By a webhook"
      about="A POST of JSON with the webhook’s secret starts a run that may do what you may."
      plural="webhooks"
      add="New webhook"
      found={useWebhooks(id)}
      keyOf={(webhook) => webhook.webhook_id}
      item={(webhook) => <WebhookItem webhook={webhook} />}
      dialog={(onClose) => <WebhookDialog id={id} onClose={onClose} />}
    />
  );
}

function WebhookItem({ webhook: { webhook_id, toolchain_id, title, url } }: { webhook: Webhook }) {
  const remove = useDeleteWebhook(toolchain_id);
  return (
    <Trigger
      name={title === "" ? "Webhook" : title}
      about={<code>{url}</code>}
      controls={<CopyButton text={`${window.location.origin}${url}`} label="Copy the address" />}
      of={{ webhook_id }}
      removal={remove}
      warning="Whoever calls it is refused from now on. The runs that it started stay."
      onRemove={() => remove.mutate(webhook_id)}
    />
  );
}

import { ActionIcon, Button, Center, Group, Loader, Text } from "@mantine/core";
import { useState } from "react";
import { useApiKeys, useDeleteApiKey } from "@/api/apiKeys";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Failure } from "@/components/Failure";
import { IconKey, IconPlus, IconTrash } from "@/components/icons";
import { formatAgo, formatDate } from "@/lib/format";
import type { ApiKey } from "@/models";
import classes from "./ApiKeysSection.module.css";
import { CreateKeyDialog } from "./CreateKeyDialog";
import { Section } from "@/components/Section";

export function ApiKeysSection() {
  const { data: keys, error, refetch } = useApiKeys();
  const [creating, setCreating] = useState(false);
  const [doomed, setDoomed] = useState<ApiKey | null>(null);
  const remove = useDeleteApiKey();

  function close() {
    setDoomed(null);
    remove.reset();
  }

  return (
    <Section
      title="API keys"
      about="For programs that act for you, through the API or OpenAI's clients. A key can do what you can."
    >
      {error ? <Failure fault={error} onRetry={() => void refetch()} /> : null}
      {!keys && !error ? (
        <Center py="md">
          <Loader size="sm" aria-label="Loading" />
        </Center>
      ) : null}
      {keys && keys.length > 0 ? (
        <ul className={classes.keys} aria-label="API keys">
          {keys.map((key) => (
            <li key={key.id} className={classes.key}>
              <span className={classes.icon}>
                <IconKey size={18} />
              </span>
              <div className={classes.words}>
                <Text size="sm" fw={550} truncate>
                  {key.title}
                </Text>
                <Text size="xs" c="dimmed">
                  <code>{key.preview}</code> · {lifeInWords(key)}
                </Text>
              </div>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete ${key.title}`}
                onClick={() => setDoomed(key)}
              >
                <IconTrash size={17} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      ) : null}
      {keys?.length === 0 ? (
        <Text size="sm" c="dimmed" mb="md">
          You have no key yet.
        </Text>
      ) : null}
      <Group>
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
          New API key
        </Button>
      </Group>
      <CreateKeyDialog opened={creating} onClose={() => setCreating(false)} />
      <ConfirmDialog
        opened={doomed !== null}
        title={`Delete “${doomed?.title ?? ""}”?`}
        action="Delete key"
        pending={remove.isPending}
        fault={remove.error}
        onConfirm={() => doomed && remove.mutate(doomed.id, { onSuccess: close })}
        onClose={close}
      >
        Programs that use it are refused from now on.
      </ConfirmDialog>
    </Section>
  );
}

function lifeInWords({ created_at, expires_at, last_used_at }: ApiKey): string {
  const used = last_used_at ? `used ${formatAgo(last_used_at)}` : "never used";
  const ends = expires_at ? ` · expires ${formatDate(expires_at)}` : "";
  return `made ${formatDate(created_at)} · ${used}${ends}`;
}

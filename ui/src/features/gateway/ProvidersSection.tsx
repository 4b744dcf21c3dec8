import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useDeleteProvider, useProviders } from "@/api/gateway";
import { IconPlus } from "@/components/icons";
import { Section } from "@/components/Section";
import type { Provider } from "@/models";
import { Entries } from "./Entries";
import { ProviderDialog } from "./ProviderDialog";

/** Services elsewhere that speak OpenAI's protocol. */
export function ProvidersSection({ mayShare }: { mayShare: boolean }) {
  const [editing, setEditing] = useState<Provider | "new" | null>(null);
  return (
    <Section
      title="Providers"
      about="Services that speak OpenAI’s protocol. Their models are called by the provider’s name and theirs. Keys are sealed, and never shown again."
    >
      <Entries
        label="Providers"
        query={useProviders()}
        none="No provider yet."
        title={({ name, shared }) => (shared ? `${name} (everybody’s)` : name)}
        detail={detailOf}
        mayChange={({ shared }) => mayShare || !shared}
        onEdit={setEditing}
        remove={useDeleteProvider()}
        loss="Its models cannot be asked any more, and its key is gone."
      />
      <Group>
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setEditing("new")}>
          Connect a provider
        </Button>
      </Group>
      {editing ? (
        <ProviderDialog
          provider={editing === "new" ? null : editing}
          mayShare={mayShare}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </Section>
  );
}

function detailOf({ base_url, preview, header_names }: Provider) {
  return [base_url, preview ? `key ${preview}` : "no key", ...header_names].join(" · ");
}

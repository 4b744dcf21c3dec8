import { PasswordInput, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSetProvider } from "@/api/gateway";
import { isObject, readJson } from "@/lib/json";
import type { Price, Provider } from "@/models";
import { SetDialog } from "./SetDialog";

interface ProviderDialogProps {
  /** Null for a new one. */
  provider: Provider | null;
  mayShare: boolean;
  onClose: () => void;
}

const PRICES = 'Of a million tokens, by model: {"large": {"input": 2, "output": 8, "currency": "EUR"}}.';

export function ProviderDialog({ provider, mayShare, onClose }: ProviderDialogProps) {
  const set = useSetProvider();
  const [name, setName] = useState(provider?.name ?? "");
  const [url, setUrl] = useState(provider?.base_url ?? "https://");
  const [key, setKey] = useState("");
  const [draft, setDraft] = useState(() => JSON.stringify(provider?.prices ?? {}, null, 2));
  const prices = readJson(draft);
  const [shared, setShared] = useState(provider?.shared ?? false);
  return (
    <SetDialog
      title={provider ? provider.name : "Connect a provider"}
      pending={set.isPending}
      fault={set.error}
      complete={name.trim() !== "" && /^https?:\/\/./.test(url.trim()) && isObject(prices.value)}
      onSave={() =>
        set.mutate(
          {
            ...{ name: name.trim(), base_url: url.trim(), api_key: key === "" ? null : key, shared },
            // The server checks each of them.
            prices: prices.value as Record<string, Price>,
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="Its models are called name/model. Small letters, digits, - and _."
        maxLength={40}
        value={name}
        disabled={provider !== null}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Address"
        description="It ends before /chat/completions."
        maxLength={2000}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <PasswordInput
        label="API key"
        description={provider ? "Left empty, the key from before stays, if the address does." : undefined}
        autoComplete="off"
        maxLength={4000}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <Textarea
        label="Prices"
        description={PRICES}
        autosize
        maxRows={10}
        spellCheck={false}
        value={draft}
        error={prices.fault ?? (isObject(prices.value) ? null : "An object: {…}.")}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      {mayShare ? (
        <Switch
          label="For everybody"
          checked={shared}
          disabled={provider !== null}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
      ) : null}
    </SetDialog>
  );
}

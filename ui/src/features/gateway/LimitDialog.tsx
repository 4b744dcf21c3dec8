import { NumberInput, Select, SimpleGrid, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSetLimit } from "@/api/gateway";
import { LIMIT_MEASURES } from "@/lib/usage";
import type { UsageLimit } from "@/models";
import { SetDialog } from "./SetDialog";

const KINDS: { value: UsageLimit["kind"]; label: string }[] = [
  { value: "each_user", label: "Each user without limits of their own" },
  { value: "user", label: "A user" },
  { value: "api_key", label: "An API key" },
  { value: "model", label: "A model" },
];
const SUBJECTS = { user: "User name", api_key: "The key’s id", model: "Model" };

/** `limit` null for a new one. */
export function LimitDialog({ limit, onClose }: { limit: UsageLimit | null; onClose: () => void }) {
  const set = useSetLimit();
  const [draft, setDraft] = useState<UsageLimit>(limit ?? { kind: "each_user", subject: "" });
  const change = (part: Partial<UsageLimit>) => setDraft((before) => ({ ...before, ...part }));
  return (
    <SetDialog
      title={limit ? "Limit" : "New limit"}
      pending={set.isPending}
      fault={set.error}
      complete={
        (draft.kind === "each_user" || draft.subject?.trim() !== "") &&
        LIMIT_MEASURES.some(([field]) => typeof draft[field] === "number")
      }
      onSave={() => set.mutate(draft, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Select
        label="Of"
        data={KINDS}
        value={draft.kind}
        allowDeselect={false}
        disabled={limit !== null}
        onChange={(kind) => kind && change({ kind: kind, subject: "" })}
      />
      {draft.kind === "each_user" ? null : (
        <TextInput
          label={SUBJECTS[draft.kind]}
          maxLength={200}
          value={draft.subject ?? ""}
          disabled={limit !== null}
          onChange={(event) => change({ subject: event.currentTarget.value })}
        />
      )}
      <SimpleGrid cols={2} spacing="md">
        {LIMIT_MEASURES.map(([field, words]) => (
          <NumberInput
            key={field}
            label={words}
            placeholder="no limit"
            min={0}
            allowDecimal={false}
            thousandSeparator=","
            value={draft[field] ?? ""}
            onChange={(most) => change({ [field]: typeof most === "number" ? most : null })}
          />
        ))}
      </SimpleGrid>
    </SetDialog>
  );
}

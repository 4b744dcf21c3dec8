import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useLimits, useSetLimit } from "@/api/gateway";
import { IconPlus } from "@/components/icons";
import { Section } from "@/components/Section";
import { limitInWords } from "@/lib/usage";
import type { UsageLimit } from "@/models";
import { Entries } from "./Entries";
import { LimitDialog } from "./LimitDialog";

const KINDS = { user: "User", api_key: "API key", model: "Model" } as const;

/** How much may be asked of models. */
export function LimitsSection() {
  const [editing, setEditing] = useState<UsageLimit | "new" | null>(null);
  const set = useSetLimit();
  return (
    <Section
      title="Limits"
      about="How much may be asked of models. All that concern a request hold at once; who comes to one is told when to ask again."
    >
      <Entries
        label="Limits"
        query={useLimits()}
        none="Nothing is limited."
        title={titleOf}
        detail={limitInWords}
        mayChange={() => true}
        onEdit={setEditing}
        // A limit of nothing is lifted.
        remove={{ ...set, mutate: ({ kind, subject }, then) => set.mutate({ kind, subject: subject ?? "" }, then) }}
        loss="From the next request on nothing of this is limited."
      />
      <Group>
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setEditing("new")}>
          New limit
        </Button>
      </Group>
      {editing ? <LimitDialog limit={editing === "new" ? null : editing} onClose={() => setEditing(null)} /> : null}
    </Section>
  );
}

function titleOf({ kind, subject }: UsageLimit): string {
  return kind === "each_user" ? "Each user without limits of their own" : `${KINDS[kind]} ${subject ?? ""}`;
}

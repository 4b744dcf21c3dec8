import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useDeleteRoute, useRoutes } from "@/api/gateway";
import { IconPlus } from "@/components/icons";
import { Section } from "@/components/Section";
import type { ModelRoute } from "@/models";
import { Entries } from "./Entries";
import { RouteDialog } from "./RouteDialog";

/** What is asked behind a model's name. */
export function RoutesSection({ mayChange }: { mayChange: boolean }) {
  const [editing, setEditing] = useState<ModelRoute | "new" | null>(null);
  const remove = useDeleteRoute();
  return (
    <Section
      title="Routes"
      about="A name of your own for a model, others to fall back on when it fails, and values for what requests leave out."
    >
      <Entries
        label="Routes"
        query={useRoutes()}
        none="No route: every name is a model’s own."
        title={({ name }) => name}
        detail={detailOf}
        mayChange={() => mayChange}
        onEdit={setEditing}
        remove={{ ...remove, mutate: ({ name }, then) => remove.mutate(name, then) }}
        loss="The name is then a model’s own again, or nothing’s."
      />
      {mayChange ? (
        <Group>
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setEditing("new")}>
            New route
          </Button>
        </Group>
      ) : null}
      {editing ? <RouteDialog route={editing === "new" ? null : editing} onClose={() => setEditing(null)} /> : null}
    </Section>
  );
}

function detailOf({ model, fallbacks = [], defaults = {} }: ModelRoute) {
  const values = Object.entries(defaults).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [[model, ...fallbacks].join(" → "), ...values].join(" · ");
}

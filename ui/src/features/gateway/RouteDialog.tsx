import { Autocomplete, JsonInput, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSetRoute } from "@/api/gateway";
import { useModels } from "@/api/models";
import { isObject, readJson } from "@/lib/json";
import type { ModelRoute } from "@/models";
import { SetDialog } from "./SetDialog";

/** `route` null for a new one. */
export function RouteDialog({ route, onClose }: { route: ModelRoute | null; onClose: () => void }) {
  const set = useSetRoute();
  const models = useModels().data?.map(({ id }) => id) ?? [];
  const [name, setName] = useState(route?.name ?? "");
  const [model, setModel] = useState(route?.model ?? "");
  const [fallbacks, setFallbacks] = useState<string[]>(route?.fallbacks ?? []);
  const [defaults, setDefaults] = useState(JSON.stringify(route?.defaults ?? {}, null, 2));
  const { value, fault } = readJson(defaults);
  const values = isObject(value) ? value : null;
  return (
    <SetDialog
      title={route ? route.name : "New route"}
      pending={set.isPending}
      fault={set.error}
      complete={name.trim() !== "" && model.trim() !== "" && values !== null}
      onSave={() =>
        values &&
        set.mutate(
          // The schema's list has a most; the field below keeps to it.
          { name: name.trim(), model: model.trim(), fallbacks, defaults: values },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="What callers ask for: a name of your own, or a model’s, to give it fallbacks and values."
        maxLength={200}
        value={name}
        disabled={route !== null}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Autocomplete label="Model" data={models} maxLength={200} value={model} onChange={setModel} />
      <TagsInput
        label="Fallbacks"
        description="Asked in this order when it fails before its first byte."
        data={models.filter((id) => id !== model)}
        maxTags={8}
        value={fallbacks}
        onChange={setFallbacks}
      />
      <JsonInput
        label="Values"
        description="For fields that a request leaves out, as JSON."
        placeholder='{"temperature": 0.2}'
        autosize
        minRows={2}
        maxRows={10}
        value={defaults}
        error={values ? null : (fault ?? "Must be a JSON object.")}
        onChange={setDefaults}
      />
    </SetDialog>
  );
}

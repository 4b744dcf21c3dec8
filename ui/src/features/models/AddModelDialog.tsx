import { Center, Loader, Modal, Text } from "@mantine/core";
import { useMemo } from "react";
import { ApiError } from "@/api/client";
import { useAddModel, useModelEntrySchema } from "@/api/models";
import { Failure } from "@/components/Failure";
import { SchemaForm } from "@/components/form/SchemaForm";
import { formOf } from "@/lib/schemaForm";
import type { ModelEntry } from "@/models";

/** Adds a model to the catalogue, by the form of its schema. */
export function AddModelDialog({ onClose }: { onClose: () => void }) {
  const schema = useModelEntrySchema();
  const add = useAddModel();
  const form = useMemo(() => (schema.data ? formOf(schema.data) : null), [schema.data]);
  const fault = add.error instanceof ApiError ? add.error : null;
  const field = fault?.faults[0] ?? (fault?.field ? { path: fault.field, message: fault.message } : null);
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>Add a model</Text>}>
      {schema.error ? <Failure fault={schema.error} onRetry={() => void schema.refetch()} /> : null}
      {add.error ? <Failure fault={add.error} /> : null}
      {form ? (
        <SchemaForm
          form={form}
          label="Model"
          action="Add model"
          pending={add.isPending}
          fault={field}
          // The form is the schema's, and the server checks it.
          onSubmit={(entry) => add.mutate(entry as ModelEntry, { onSuccess: onClose })}
        />
      ) : (
        <Center py="lg">
          <Loader size="sm" aria-label="Loading" />
        </Center>
      )}
    </Modal>
  );
}

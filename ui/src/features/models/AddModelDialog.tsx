import { Center, Loader, Text } from "@mantine/core";
import { useMemo } from "react";
import { ApiError } from "@/api/client";
import { useFunctionHelp } from "@/api/help";
import { useAddModel } from "@/api/models";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { SchemaForm } from "@/components/form/SchemaForm";
import { formOf } from "@/lib/schemaForm";
import type { ModelEntry } from "@/models";

interface AddModelDialogProps {
  /** What is known of it already. */
  begin: Partial<ModelEntry>;
  onClose: () => void;
}

/** Adds a model to the catalogue, by the form of its schema. */
export function AddModelDialog({ begin, onClose }: AddModelDialogProps) {
  const help = useFunctionHelp();
  const add = useAddModel();
  const schema = help.data?.get("add_model")?.request;
  const form = useMemo(() => (schema ? formOf(schema, begin) : null), [schema, begin]);
  const fault = add.error instanceof ApiError ? add.error : null;
  const field = fault?.faults[0] ?? (fault?.field ? { path: fault.field, message: fault.message } : null);
  return (
    <Dialog opened onClose={onClose} size="lg" title={<Text fw={600}>Add a model</Text>}>
      {help.error ? <Failure fault={help.error} onRetry={() => void help.refetch()} /> : null}
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
    </Dialog>
  );
}

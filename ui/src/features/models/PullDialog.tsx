import { Alert, Button, Group, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { usePullModel } from "@/api/pulls";
import { Dialog } from "@/components/Dialog";
import { inWords } from "@/lib/words";

/** A model's name at the hub. */
const NAME = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/** What is to be brought from the hub. */
export function PullDialog({ onClose }: { onClose: () => void }) {
  const pull = usePullModel();
  const [source, setSource] = useState("");
  const [revision, setRevision] = useState("main");
  const [files, setFiles] = useState<string[]>([]);
  const named = NAME.test(source.trim());
  const complete = named && revision.trim() !== "";
  return (
    <Dialog opened onClose={onClose} title={<Text fw={600}>Pull a model from the hub</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const order = { source: source.trim(), revision: revision.trim(), files };
          if (complete) pull.mutate(order, { onSuccess: onClose });
        }}
      >
        <Stack gap="md">
          {pull.error ? (
            <Alert color="red" role="alert">
              {inWords(pull.error)}
            </Alert>
          ) : null}
          <TextInput
            label="Model"
            placeholder="owner/name"
            maxLength={193}
            error={source.includes("/") && !named ? "Letters, digits, dots, - and _ on both sides of one slash." : null}
            value={source}
            onChange={(event) => setSource(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label="Revision"
            description="A branch, tag or commit."
            maxLength={200}
            value={revision}
            onChange={(event) => setRevision(event.currentTarget.value)}
          />
          <TagsInput
            label="Files"
            description="Patterns such as *Q4_K_M.gguf; left empty, what its engine reads."
            maxTags={50}
            value={files}
            onChange={setFiles}
          />
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={pull.isPending} disabled={!complete}>
              Pull
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

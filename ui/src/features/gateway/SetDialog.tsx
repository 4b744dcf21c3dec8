import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Dialog } from "@/components/Dialog";
import { inWords } from "@/lib/words";

interface SetDialogProps {
  title: string;
  pending: boolean;
  fault: Error | null;
  complete: boolean;
  onSave: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** The frame of a dialog that sets one thing: its fields, what the server says against them, and Save. */
export function SetDialog({ title, pending, fault, complete, onSave, onClose, children }: SetDialogProps) {
  return (
    <Dialog opened onClose={onClose} title={<Text fw={600}>{title}</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (complete) onSave();
        }}
      >
        <Stack gap="md">
          {fault ? (
            <Alert color="red" role="alert">
              {inWords(fault)}
            </Alert>
          ) : null}
          {children}
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={pending} disabled={!complete}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

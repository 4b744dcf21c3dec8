import { Alert, Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { inWords } from "@/lib/words";
import { Dialog } from "./Dialog";

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  /** What will be lost. */
  children: ReactNode;
  /** The verb on the button, such as "Delete". */
  action: string;
  pending?: boolean;
  fault?: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that can not be undone. */
export function ConfirmDialog({
  opened,
  title,
  children,
  action,
  pending,
  fault,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={<Text fw={600}>{title}</Text>}>
      <Text c="dimmed" size="sm">
        {children}
      </Text>
      {fault ? (
        <Alert color="red" mt="md" role="alert">
          {inWords(fault)}
        </Alert>
      ) : null}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button color="red" loading={pending ?? false} onClick={onConfirm} data-autofocus>
          {action}
        </Button>
      </Group>
    </Dialog>
  );
}

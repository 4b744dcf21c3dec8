import { ActionIcon, Center, Loader, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Failure } from "@/components/Failure";
import { IconPencil, IconTrash } from "@/components/icons";
import classes from "./Gateway.module.css";

interface EntriesProps<T> {
  /** What the list holds, for those who do not see it. */
  label: string;
  query: { data: T[] | undefined; error: Error | null; refetch: () => unknown };
  /** Said in place of an empty list. */
  none: string;
  title: (entry: T) => string;
  detail: (entry: T) => ReactNode;
  mayChange: (entry: T) => boolean;
  onEdit: (entry: T) => void;
  remove: { mutate: (entry: T, then: { onSuccess: () => void }) => void; isPending: boolean; error: Error | null };
  /** What is lost with an entry. */
  loss: string;
}

/** A list of things that were set, each of which can be set anew or deleted. */
export function Entries<T>(props: EntriesProps<T>) {
  const { label, query, none, title, detail, mayChange, onEdit, remove, loss } = props;
  const [doomed, setDoomed] = useState<T | null>(null);
  if (query.error) return <Failure fault={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) {
    return (
      <Center py="md">
        <Loader size="sm" aria-label="Loading" />
      </Center>
    );
  }
  if (query.data.length === 0) {
    return (
      <Text size="sm" c="dimmed" mb="md">
        {none}
      </Text>
    );
  }
  return (
    <>
      <ul className={classes.entries} aria-label={label}>
        {query.data.map((entry) => (
          <li key={title(entry)} className={classes.entry}>
            <div className={classes.words}>
              <Text size="sm" fw={550} truncate>
                {title(entry)}
              </Text>
              <Text size="xs" c="dimmed" component="div" className={classes.detail}>
                {detail(entry)}
              </Text>
            </div>
            {mayChange(entry) ? (
              <>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Edit ${title(entry)}`}
                  onClick={() => onEdit(entry)}
                >
                  <IconPencil size={17} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Delete ${title(entry)}`}
                  onClick={() => setDoomed(entry)}
                >
                  <IconTrash size={17} />
                </ActionIcon>
              </>
            ) : null}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={doomed !== null}
        title={`Delete “${doomed === null ? "" : title(doomed)}”?`}
        action="Delete"
        pending={remove.isPending}
        fault={remove.error}
        onConfirm={() => doomed !== null && remove.mutate(doomed, { onSuccess: () => setDoomed(null) })}
        onClose={() => setDoomed(null)}
      >
        {loss}
      </ConfirmDialog>
    </>
  );
}

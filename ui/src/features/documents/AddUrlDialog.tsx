import { Button, Group, Text, Textarea } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useIngestUrl } from "@/api/documents";
import { Dialog } from "@/components/Dialog";
import { toast } from "@/components/toast";
import { readAddresses } from "@/lib/addresses";
import { plural } from "@/lib/format";
import { inWords } from "@/lib/words";
import classes from "./AddUrlDialog.module.css";

interface AddUrlDialogProps {
  collectionId: string;
  opened: boolean;
  onClose: () => void;
}

/** Asks for addresses of files and pages, which the server then fetches by itself. */
export function AddUrlDialog({ collectionId, opened, onClose }: AddUrlDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={<Text fw={600}>Add from the web</Text>}>
      <AddUrlForm collectionId={collectionId} onClose={onClose} />
    </Dialog>
  );
}

interface Refused {
  url: string;
  reason: string;
}

// The form lives only while the dialog is open, so that each opening begins empty.
function AddUrlForm({ collectionId, onClose }: Omit<AddUrlDialogProps, "opened">) {
  const [text, setText] = useState("");
  const [faults, setFaults] = useState<Refused[]>([]);
  const [busy, setBusy] = useState(false);
  const ingest = useIngestUrl(collectionId);
  const { urls, refused } = readAddresses(text);

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    setBusy(true);
    const failed: Refused[] = [];
    // One after the other: each is a small request, and a refusal is told beside its address.
    for (const url of urls) {
      try {
        await ingest.mutateAsync(url);
      } catch (fault) {
        failed.push({ url, reason: inWords(fault) });
      }
    }
    setBusy(false);
    const taken = urls.length - failed.length;
    if (taken > 0) toast("done", `${plural(taken, "address is", "addresses are")} being fetched.`);
    if (failed.length === 0) onClose();
    setFaults(failed);
    setText(failed.map(({ url }) => url).join("\n"));
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Textarea
        label="Addresses"
        description="Of files or pages, one a line. The server fetches them."
        placeholder={"https://example.org/handbook.pdf\nhttps://example.org/page"}
        autosize
        minRows={3}
        maxRows={12}
        value={text}
        error={refused.length > 0 ? `No address of the web: ${refused.slice(0, 3).join(", ")}` : null}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setFaults([]);
        }}
        data-autofocus
      />
      {faults.length > 0 ? (
        <ul className={classes.faults} role="alert">
          {faults.map(({ url, reason }) => (
            <li key={url}>
              <strong>{url}</strong> {reason}
            </li>
          ))}
        </ul>
      ) : null}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={urls.length === 0 || refused.length > 0}>
          {urls.length > 1 ? `Add ${urls.length}` : "Add"}
        </Button>
      </Group>
    </form>
  );
}

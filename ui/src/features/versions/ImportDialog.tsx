import { Button, FileButton, Group, Text, Textarea } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { Link } from "react-router";
import { ApiError } from "@/api/client";
import { useImportToolchain } from "@/api/toolchains";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { IconUpload } from "@/components/icons";
import { toastFailure } from "@/components/toast";
import { plural } from "@/lib/format";
import { isObject, readJson } from "@/lib/json";
import type { Fault, ImportToolchainResult } from "@/models";
import "@/components/tones.css";
import { LARGEST_FILE } from "./useGivenToolchain";
import classes from "./Versions.module.css";

/** Takes in a toolchain's file, also one of QueryLake's, and tells what of it could not be carried over. */
export function ImportDialog({ text, onClose }: { text: string; onClose: () => void }) {
  const take = useImportToolchain();
  return (
    <Dialog opened onClose={onClose} size="lg" title={<Text fw={600}>Import a toolchain</Text>}>
      {take.data ? (
        <Imported result={take.data} onClose={onClose} />
      ) : (
        <Choosing take={take} begin={text} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface ChoosingProps {
  take: ReturnType<typeof useImportToolchain>;
  /** What was pasted or dropped before the dialog opened. */
  begin: string;
  onClose: () => void;
}

function Choosing({ take, begin, onClose }: ChoosingProps) {
  const [text, setText] = useState(begin);
  const [fault, setFault] = useState<string | null>(null);
  const [dropping, setDropping] = useState(false);
  const faults = take.error instanceof ApiError ? take.error.faults : [];

  function edit(next: string) {
    setText(next);
    setFault(null);
    take.reset();
  }

  async function read(file: File | null | undefined) {
    if (!file) return;
    if (file.size > LARGEST_FILE) setFault(`“${file.name}” is too large for a toolchain.`);
    else edit(await file.text());
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setDropping(false);
    read(event.dataTransfer.files[0]).catch(toastFailure);
  }

  function submit() {
    const { value, fault: wrong } = readJson(text);
    if (wrong !== null) setFault(wrong);
    else if (!isObject(value)) setFault("A toolchain is an object: {…}.");
    else take.mutate(value);
  }

  return (
    <div className={classes.import}>
      <Text size="sm" c="dimmed">
        A toolchain of Penstock, or one of QueryLake in either of its formats: that is translated, and what has no
        counterpart is told.
      </Text>
      <div
        className={classes.drop}
        data-dropping={dropping || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={drop}
      >
        <FileButton
          accept="application/json,.json"
          onChange={(file) => void read(file).catch(toastFailure)}
          inputProps={{ "aria-label": "Choose a toolchain file" }}
        >
          {(props) => (
            <Button {...props} size="sm" variant="default" leftSection={<IconUpload size={15} />}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <span>or drop it here, or paste it below</span>
      </div>
      <Textarea
        aria-label="Toolchain as JSON"
        autosize
        minRows={6}
        maxRows={14}
        spellCheck={false}
        value={text}
        error={fault}
        classNames={{ input: classes.text ?? "" }}
        onChange={(event) => edit(event.currentTarget.value)}
      />
      {take.error ? <Failure fault={take.error} /> : null}
      {faults.length > 0 ? <Notes label="Faults" notes={faults} /> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={text.trim() === ""} loading={take.isPending} onClick={submit}>
          Import
        </Button>
      </Group>
    </div>
  );
}

function Imported({ result: { id, notes }, onClose }: { result: ImportToolchainResult; onClose: () => void }) {
  return (
    <div className={classes.import} role="status">
      <Text size="sm">
        It is imported as <code>{id}</code>.{" "}
        {notes.length === 0
          ? "Everything was carried over."
          : `${plural(notes.length, "thing")} could not be carried over unchanged:`}
      </Text>
      {notes.length > 0 ? <Notes label="What could not be carried over" notes={notes} /> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button component={Link} to={`/toolchains/${id}`} onClick={onClose} data-autofocus>
          Open it
        </Button>
      </Group>
    </div>
  );
}

function Notes({ label, notes }: { label: string; notes: readonly Fault[] }) {
  return (
    <ul className={classes.notes} aria-label={label} tabIndex={0}>
      {notes.map(({ path, message }, index) => (
        <li key={`${path} ${index}`}>
          <code>{path}</code>
          <span>{message}</span>
        </li>
      ))}
    </ul>
  );
}

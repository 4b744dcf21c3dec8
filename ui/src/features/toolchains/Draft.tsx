import { Button, FileButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type DragEvent, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { ApiError } from "@/api/client";
import { useSaveToolchain, useToolchainFaults } from "@/api/toolchains";
import { ToolchainGraph } from "@/components/graph";
import { IconUpload } from "@/components/icons";
import { toast, toastFailure } from "@/components/toast";
import { Workspace } from "@/components/Workspace";
import { isDrawable } from "@/lib/flow";
import { isObject, type JsonObject, readJson } from "@/lib/json";
import { locate } from "@/lib/locate";
import classes from "./Draft.module.css";
import { FaultList } from "./FaultList";

interface DraftProps {
  title: string;
  /** The id of the toolchain that becomes a new version; null for one that must not be there yet. */
  original: string | null;
  text: string;
  back: { to: string; label: string };
}

const LARGEST_FILE = 4_000_000;
// As in Draft.module.css.
const LINE_HEIGHT = 20;

/** A toolchain as text, with its graph and its faults beside it while it is written. */
export function Draft({ title, original, text: initial, back }: DraftProps) {
  const [text, setText] = useState(initial);
  const [dropping, setDropping] = useState(false);
  const [settled] = useDebouncedValue(text, 350);
  const editor = useRef<HTMLTextAreaElement>(null);
  const navigate = useNavigate();
  const save = useSaveToolchain();

  const { draft, syntax } = useMemo(() => readDraft(settled), [settled]);
  const check = useToolchainFaults(draft);
  const drawable = isDrawable(draft) ? draft : null;
  const faults = draft ? (check.data ?? []) : [];
  const sound =
    draft !== null && settled === text && check.isSuccess && !check.isPlaceholderData && faults.length === 0;

  function edit(next: string) {
    setText(next);
    save.reset();
  }

  function show(path: string) {
    const area = editor.current;
    if (!area || draft === null) return;
    const [start, end] = locate(text, path);
    area.focus();
    area.setSelectionRange(start, end);
    area.scrollTop = (text.slice(0, start).split("\n").length - 4) * LINE_HEIGHT;
  }

  async function take(file: File | null | undefined) {
    if (!file) return;
    if (file.size > LARGEST_FILE) toast("failed", `“${file.name}” is too large for a toolchain.`);
    else edit(await file.text());
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setDropping(false);
    take(event.dataTransfer.files[0]).catch(toastFailure);
  }

  function submit() {
    if (!draft) return;
    save.mutate(
      { toolchain: draft, isNew: draft["id"] !== original },
      {
        onSuccess: ({ id, version }) => {
          toast("done", `Saved as version ${version}.`);
          void navigate(`/toolchains/${id}`);
        },
      },
    );
  }

  return (
    <Workspace
      back={back}
      title={title}
      actions={
        <>
          <FileButton
            accept="application/json,.json"
            onChange={(file) => void take(file).catch(toastFailure)}
            inputProps={{ "aria-label": "Choose a toolchain file" }}
          >
            {(props) => (
              <Button {...props} size="sm" variant="default" leftSection={<IconUpload size={15} />}>
                Open file
              </Button>
            )}
          </FileButton>
          <Button size="sm" disabled={!sound} loading={save.isPending} onClick={submit}>
            Save
          </Button>
        </>
      }
      asideLabel="Preview"
      aside={
        <>
          <div className={classes.preview}>
            {drawable ? (
              <ToolchainGraph toolchain={drawable} still />
            ) : (
              <p className={classes.nothing}>The graph appears here when the nodes and edges can be read.</p>
            )}
          </div>
          <FaultList
            syntax={syntax}
            faults={save.error instanceof ApiError && save.error.faults.length > 0 ? save.error.faults : faults}
            sound={sound}
            fault={save.error ?? check.error}
            onShow={show}
          />
        </>
      }
    >
      <div
        className={classes.editor}
        data-dropping={dropping || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={drop}
      >
        <textarea
          ref={editor}
          className={classes.text}
          aria-label="Toolchain as JSON"
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          wrap="off"
          value={text}
          onChange={(event) => edit(event.currentTarget.value)}
        />
        {dropping ? <div className={classes.drop}>Drop a toolchain’s JSON file here</div> : null}
      </div>
    </Workspace>
  );
}

function readDraft(text: string): { draft: JsonObject | null; syntax: string | null } {
  const { value, fault } = readJson(text);
  if (fault !== null) return { draft: null, syntax: fault };
  return isObject(value) ? { draft: value, syntax: null } : { draft: null, syntax: "A toolchain is an object: {…}." };
}

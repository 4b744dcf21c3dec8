import { Button } from "@mantine/core";
import { useState } from "react";
import { useEditor } from "@/features/editor/store";
import { useDrafting } from "./drafting";
import { PublishDialog } from "./PublishDialog";
import { useSave } from "./useSave";
import classes from "./Versions.module.css";

/** Where what is written is kept, the versions, and the way to publish. */
export function VersionsButton() {
  const show = useEditor((state) => state.show);
  return (
    <>
      <State />
      <Button size="sm" variant="default" onClick={() => show({ dialog: "versions" })}>
        Versions
      </Button>
      <Publish />
    </>
  );
}

function State() {
  const keeping = useDrafting((state) => state.keeping);
  const trouble = useDrafting((state) => state.trouble);
  const newer = useDrafting((state) => state.newer);
  const changed = useEditor((state) => state.toolchain !== state.saved);
  const show = useEditor((state) => state.show);
  if (newer !== null && changed) {
    return (
      <Button size="compact-sm" variant="light" color="yellow" onClick={() => show({ dialog: "conflict" })}>
        Version {newer} was saved elsewhere
      </Button>
    );
  }
  if (keeping === "nothing" || !changed) return null;
  const words =
    keeping === "nowhere"
      ? "Not kept: this browser has no room"
      : keeping === "there"
        ? "Draft kept"
        : trouble === null
          ? "Draft kept here"
          : "Draft kept in this browser only";
  return (
    <span
      className={classes.state}
      data-tone={trouble !== null || keeping === "nowhere" ? "warn" : undefined}
      title={trouble ?? undefined}
      role="status"
    >
      {words}
    </span>
  );
}

function Publish() {
  const id = useEditor((state) => state.toolchain.id);
  const origin = useEditor((state) => state.origin);
  const changed = useEditor((state) => state.toolchain !== state.saved || state.origin === null);
  const sound = useEditor((state) => state.checked && state.faults.length === 0);
  const [opened, setOpened] = useState(false);
  const { save } = useSave();
  return (
    <>
      <Button size="sm" variant="default" disabled={changed && !sound} onClick={() => setOpened(true)}>
        Publish
      </Button>
      {opened ? (
        <PublishDialog
          id={id}
          version={changed ? null : (origin?.version ?? null)}
          save={save}
          onClose={() => setOpened(false)}
        />
      ) : null}
    </>
  );
}

import { ActionIcon, Button, Text, Tooltip } from "@mantine/core";
import { Link } from "react-router";
import { IconChevronLeft } from "@/components/icons";
import { useSave } from "@/features/versions/useSave";
import { plural } from "@/lib/format";
import { IconRedo, IconUndo } from "./icons";
import { BAR_ITEMS } from "./slots";
import { useEditor } from "./store";
import classes from "./Editor.module.css";

/** Where the toolchain belongs, what it is called, whether it is sound, and what is done with the whole of it. */
export function TopBar() {
  const title = useEditor((state) => state.toolchain.title);
  const origin = useEditor((state) => state.origin);
  return (
    <header className={classes.bar}>
      <Text
        component={Link}
        to={origin ? `/toolchains/${origin.id}` : "/toolchains"}
        className={classes.back ?? ""}
        aria-label="Back"
      >
        <IconChevronLeft size={18} strokeWidth={2} />
      </Text>
      <h1 className={classes.title} title={title}>
        {title || "Untitled"}
      </h1>
      <Status />
      <div className={classes.actions}>
        <Steps />
        {BAR_ITEMS.map((Item, index) => (
          <Item key={index} />
        ))}
        <Save />
      </div>
    </header>
  );
}

function Status() {
  const changed = useEditor((state) => state.toolchain !== state.saved);
  const origin = useEditor((state) => state.origin);
  const faults = useEditor((state) => state.faults.length);
  const checked = useEditor((state) => state.checked);
  const show = useEditor((state) => state.show);
  const select = useEditor((state) => state.select);
  return (
    <div className={classes.status} role="status" aria-label="State of the draft">
      <span className={classes.version}>
        {origin === null
          ? "Not saved yet"
          : changed
            ? `Changed since version ${origin.version}`
            : `Version ${origin.version}`}
      </span>
      {faults > 0 ? (
        <button
          type="button"
          className={classes.faultCount}
          onClick={() => {
            select([]);
            show({ toolchainTab: "faults" });
          }}
        >
          {plural(faults, "fault")}
        </button>
      ) : (
        <span className={classes.sound}>{checked ? "No faults" : "Checking"}</span>
      )}
    </div>
  );
}

function Steps() {
  const undo = useEditor((state) => state.undo);
  const redo = useEditor((state) => state.redo);
  const back = useEditor((state) => state.history.past.at(-1)?.label ?? null);
  const on = useEditor((state) => state.history.future[0]?.label ?? null);
  return (
    <>
      <Tooltip label={back === null ? "Nothing to undo" : `Undo: ${back} (Ctrl Z)`}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Undo" disabled={back === null} onClick={undo}>
          <IconUndo size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={on === null ? "Nothing to do again" : `Redo: ${on} (Ctrl Shift Z)`}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Redo" disabled={on === null} onClick={redo}>
          <IconRedo size={18} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

function Save() {
  const { save, pending } = useSave();
  const sound = useEditor((state) => state.checked && state.faults.length === 0);
  const changed = useEditor((state) => state.toolchain !== state.saved || state.origin === null);
  return (
    <Button size="sm" disabled={!sound || !changed} loading={pending} onClick={() => void save()}>
      Save
    </Button>
  );
}

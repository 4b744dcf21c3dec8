import { Text } from "@mantine/core";
import { Link } from "react-router";
import { IconChevronLeft } from "@/components/icons";
import { plural } from "@/lib/format";
import { Save, Steps } from "./DraftActions";
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

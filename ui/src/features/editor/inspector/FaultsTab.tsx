import { UnstyledButton } from "@mantine/core";
import { StatusDot } from "@/components/StatusDot";
import type { PlacedFault } from "@/lib/editor/faults";
import { plural } from "@/lib/format";
import classes from "../fields/Fields.module.css";
import { useEditor, useEditorStore } from "../store";
import { useReveal } from "../useReveal";

/** Everything that is wrong with the toolchain, each with a jump to where it is. */
export function FaultsTab() {
  const store = useEditorStore();
  const faults = useEditor((state) => state.faults);
  const checked = useEditor((state) => state.checked);
  const reveal = useReveal();
  function jump({ node, line, field }: PlacedFault) {
    if (node !== null) reveal(node, field);
    else if (line !== null) reveal(line);
    else {
      const data = ["input", "state", "output"].some((part) => field.startsWith(part));
      store.getState().show({ toolchainTab: data ? "data" : "about", reveal: field });
    }
  }
  return (
    <section aria-label="Faults">
      <StatusDot tone={faults.length > 0 ? "bad" : checked ? "good" : "busy"}>
        {faults.length > 0 ? plural(faults.length, "fault") : checked ? "No faults" : "Checking"}
      </StatusDot>
      <ul className={classes.faultList}>
        {faults.map((fault, index) => (
          <li key={`${fault.path} ${index}`}>
            <UnstyledButton className={classes.faultItem} onClick={() => jump(fault)}>
              <code>{fault.path}</code>
              <span>{fault.message}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

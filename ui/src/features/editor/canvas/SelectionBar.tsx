import { ActionIcon, Button, Group, Menu } from "@mantine/core";
import { Panel } from "@xyflow/react";
import { memo } from "react";
import { IconCopy, IconTrash } from "@/components/icons";
import { ALIGNMENTS } from "@/lib/editor/align";
import { plural } from "@/lib/format";
import { alignSelection, duplicate, remove } from "../actions";
import { IconAlign } from "../icons";
import { useEditor, useEditorStore } from "../store";
import classes from "./Canvas.module.css";

/** What can be done with several boxes at once. */
export const SelectionBar = memo(function SelectionBar() {
  const store = useEditorStore();
  const count = useEditor((state) => state.selection.size);
  if (count < 2) return null;
  return (
    <Panel position="top-center" className={classes.bar ?? ""}>
      <Group gap={4} wrap="nowrap" role="toolbar" aria-label="Selection">
        <span className={classes.count}>{plural(count, "part")} selected</span>
        <Menu>
          <Menu.Target>
            <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconAlign size={15} />}>
              Align
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {ALIGNMENTS.map(({ alignment, label }) => (
              <Menu.Item key={alignment} onClick={() => alignSelection(store, alignment)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <ActionIcon variant="subtle" color="gray" aria-label="Duplicate" onClick={() => duplicate(store)}>
          <IconCopy size={16} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label="Delete" onClick={() => remove(store)}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
    </Panel>
  );
});

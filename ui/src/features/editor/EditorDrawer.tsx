import { ActionIcon, Tabs } from "@mantine/core";
import { IconChevronDown } from "@/components/icons";
import { DRAWER_TABS } from "./slots";
import { useEditor } from "./store";
import classes from "./Editor.module.css";

/** What needs the width of the canvas: runs and their values. Closed, there is only the row of its tabs. */
export function EditorDrawer() {
  const open = useEditor((state) => state.drawer);
  const show = useEditor((state) => state.show);
  if (DRAWER_TABS.length === 0) return null;
  return (
    <section className={classes.drawer} data-open={open !== null || undefined} aria-label="Run and values">
      <Tabs value={open} onChange={(drawer) => show({ drawer })} keepMounted={false} allowTabDeactivation>
        <div className={classes.drawerHead}>
          <Tabs.List>
            {DRAWER_TABS.map(({ id, label }) => (
              <Tabs.Tab key={id} value={id}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {open === null ? null : (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Close the drawer"
              onClick={() => show({ drawer: null })}
            >
              <IconChevronDown size={16} />
            </ActionIcon>
          )}
        </div>
        {DRAWER_TABS.map(({ id, Panel }) => (
          <Tabs.Panel key={id} value={id} className={classes.drawerPanel ?? ""}>
            <Panel />
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  );
}

import { Tabs } from "@mantine/core";
import { NODE_TABS, TOOLCHAIN_TABS } from "../slots";
import { selectedNode, useEditor } from "../store";
import classes from "../Editor.module.css";

/** What is said about the selected node, about several, or about the toolchain itself. */
export function Inspector() {
  const node = useEditor(selectedNode);
  const nodeTab = useEditor((state) => state.nodeTab);
  const toolchainTab = useEditor((state) => state.toolchainTab);
  const show = useEditor((state) => state.show);
  return (
    <aside className={classes.inspector} aria-label="Inspector">
      {node ? (
        <Tabs value={nodeTab} onChange={(tab) => show({ nodeTab: tab ?? "form" })} keepMounted={false}>
          <Tabs.List>
            {NODE_TABS.map(({ id, label }) => (
              <Tabs.Tab key={id} value={id}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {NODE_TABS.map(({ id, Panel }) => (
            <Tabs.Panel key={id} value={id} className={classes.panel ?? ""}>
              <Panel node={node} />
            </Tabs.Panel>
          ))}
        </Tabs>
      ) : (
        <Tabs value={toolchainTab} onChange={(tab) => show({ toolchainTab: tab ?? "about" })} keepMounted={false}>
          <Tabs.List>
            {TOOLCHAIN_TABS.map(({ id, label }) => (
              <Tabs.Tab key={id} value={id}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {TOOLCHAIN_TABS.map(({ id, Panel }) => (
            <Tabs.Panel key={id} value={id} className={classes.panel ?? ""}>
              <Panel />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </aside>
  );
}

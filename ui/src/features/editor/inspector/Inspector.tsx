import { Tabs } from "@mantine/core";
import { NODE_TABS as MORE_NODE_TABS, TOOLCHAIN_TABS as MORE_TOOLCHAIN_TABS } from "../slots";
import { selectedNode, useEditor } from "../store";
import classes from "../Editor.module.css";
import { OWN_NODE_TABS, OWN_TOOLCHAIN_TABS } from "./tabs";

const NODE_TABS = [...OWN_NODE_TABS, ...MORE_NODE_TABS];
const TOOLCHAIN_TABS = [...OWN_TOOLCHAIN_TABS, ...MORE_TOOLCHAIN_TABS];

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
              <Panel key={node.id} node={node} />
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

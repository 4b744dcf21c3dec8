import { useMemo, useState } from "react";
import { found, type PaletteItem } from "@/lib/editor/palette";
import { titleOf } from "@/lib/flow";
import { everyNode } from "@/lib/editor/tree";
import { add, addingHere } from "../actions";
import { usePalette } from "../palette/usePalette";
import { COMMANDS } from "../slots";
import { useEditor, useEditorStore } from "../store";
import { OWN_COMMANDS } from "../ownCommands";
import { useReveal } from "../useReveal";
import { ListDialog } from "./ListDialog";

/** Everything that can be done, and every node to go to, by its name. */
export function CommandsDialog({ onClose }: { onClose: () => void }) {
  const store = useEditorStore();
  const toolchain = useEditor((state) => state.toolchain);
  const items = usePalette();
  const reveal = useReveal();
  const [query, setQuery] = useState("");
  const all = useMemo(() => {
    const commands = [...OWN_COMMANDS, ...COMMANDS].map(({ id, title, keys, run }) => ({
      id: `do ${id}`,
      title,
      words: "",
      keys,
      act: () => run(store),
    }));
    const nodes = [...everyNode(toolchain)].map(([node]) => ({
      id: `go ${node.id}`,
      title: titleOf(node),
      words: `go to ${node.id} ${node.kind}`,
      detail: `Go to ${node.id}`,
      act: () => reveal(node.id),
    }));
    const adding = items.map((item: PaletteItem) => ({
      id: `add ${item.id}`,
      title: `Add: ${item.title}`,
      words: item.words,
      detail: item.summary,
      act: () => add(store, item, addingHere(store)),
    }));
    return [...commands, ...nodes, ...adding];
  }, [store, toolchain, items, reveal]);
  const shown = found(all, query).slice(0, 100);
  return (
    <ListDialog
      label="Commands"
      placeholder="What do you want to do?"
      choices={shown}
      query={query}
      onQuery={setQuery}
      onClose={onClose}
      onChoose={(id) => shown.find((one) => one.id === id)?.act()}
      nothing="Nothing is called so."
    />
  );
}

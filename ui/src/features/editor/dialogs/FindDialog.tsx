import { useState } from "react";
import { findIn } from "@/lib/editor/finding";
import { useEditor } from "../store";
import { useReveal } from "../useReveal";
import { ListDialog } from "./ListDialog";

/** Searches whatever stands in the nodes. */
export function FindDialog({ onClose }: { onClose: () => void }) {
  const toolchain = useEditor((state) => state.toolchain);
  const reveal = useReveal();
  const [query, setQuery] = useState("");
  const found = findIn(toolchain, query);
  return (
    <ListDialog
      label="Search in the graph"
      placeholder="Search in the graph"
      choices={found.map(({ id, title, excerpt }) => ({ id, title, detail: excerpt }))}
      query={query}
      onQuery={setQuery}
      onClose={onClose}
      onChoose={reveal}
      nothing={query.trim() === "" ? "Titles, names, and whatever stands in a node." : "It stands nowhere."}
    />
  );
}

import { useState } from "react";
import { verdictOf } from "@/lib/editor/connecting";
import { found } from "@/lib/editor/palette";
import { everyNode, nodesById } from "@/lib/editor/tree";
import { END, START } from "@/lib/editor/ways";
import { titleOf } from "@/lib/flow";
import type { Toolchain } from "@/models";
import { draw } from "../actions";
import { useEditor, useEditorStore } from "../store";
import { ListDialog } from "./ListDialog";

/** Draws a way from the selected node by keyboard; nodes that it cannot lead to say why. */
export function ConnectDialog({ onClose }: { onClose: () => void }) {
  const store = useEditorStore();
  const toolchain = useEditor((state) => state.toolchain);
  const help = useEditor((state) => state.help);
  const [source = START] = useEditor((state) => state.selection);
  const [query, setQuery] = useState("");
  const choices = exitsOf(toolchain, source).flatMap(({ handle, words }) =>
    targetsOf(toolchain).map(({ id, title }) => {
      const drawn = { source, sourceHandle: handle, target: id, targetHandle: "in" };
      const verdict = verdictOf(toolchain, drawn, help);
      const refusal = verdict.kind === "refused" ? verdict.reason : null;
      return {
        id: `${handle} ${id}`,
        title: words === "" ? title : `${words}: ${title}`,
        words: id,
        detail: refusal ?? id,
        disabled: refusal !== null,
        verdict,
      };
    }),
  );
  const shown = found(choices, query).sort((a, b) => Number(a.disabled) - Number(b.disabled));
  return (
    <ListDialog
      label="Connect to"
      placeholder={`Where to go on from “${nameOf(toolchain, source)}”`}
      choices={shown}
      query={query}
      onQuery={setQuery}
      onClose={onClose}
      onChoose={(id) => {
        const choice = shown.find((one) => one.id === id);
        if (choice) draw(store, choice.verdict);
      }}
      nothing="No node is called so."
    />
  );
}

function targetsOf(toolchain: Toolchain) {
  const nodes = [...everyNode(toolchain)].map(([node]) => ({ id: node.id, title: titleOf(node) }));
  return [...nodes, { id: END, title: "End" }];
}

function nameOf(toolchain: Toolchain, id: string): string {
  const node = nodesById(toolchain).get(id)?.node;
  return node ? titleOf(node) : "Start";
}

/** The ways out of a node: of a branch one a case. */
function exitsOf(toolchain: Toolchain, id: string): { handle: string; words: string }[] {
  const node = nodesById(toolchain).get(id)?.node;
  if (node?.kind !== "branch") return [{ handle: "out", words: "" }];
  const cases = node.cases.map((_, index) => ({ handle: `case:${index}`, words: `Case ${index + 1}` }));
  return [...cases, { handle: "else", words: "Otherwise" }];
}

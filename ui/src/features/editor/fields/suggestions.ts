import { useMemo } from "react";
import { useToolchains } from "@/api/toolchains";
import { ANY, type JsonType, typeNamed } from "@/lib/editor/jsonTypes";
import { partAt } from "@/lib/editor/tree";
import { END } from "@/lib/editor/ways";
import { titleOf } from "@/lib/flow";
import { useEditor } from "../store";
import { useForm } from "./context";

interface Suggestions {
  /** For a text: what may be chosen. Null: nothing is known. */
  texts: readonly { value: string; label: string }[] | null;
  /** For names with values: what they may be called and are of. */
  map: { names?: readonly string[]; named?: string; typeOf?: (name: string) => JsonType };
}

/** What the fields of a name are about, wherever they stand: nodes, functions, toolchains, keys of the state. */
export function useSuggestions(name: string, path: string): Suggestions {
  const { container, node } = useForm();
  const toolchain = useEditor((state) => state.toolchain);
  const help = useEditor((state) => state.help);
  const { data: toolchains } = useToolchains();
  return useMemo(() => {
    const state = Object.entries(toolchain.state ?? {});
    switch (name) {
      case "to":
      case "else":
      case "on_error": {
        const nodes = partAt(toolchain, container)?.nodes ?? [];
        const others = nodes
          .filter(({ id }) => id !== node)
          .map((one) => ({ value: one.id, label: `${titleOf(one)} (${one.id})` }));
        return { texts: [...others, { value: END, label: "End" }], map: {} };
      }
      case "function": {
        const nodes = [...help.values()].filter((one) => one.node);
        return { texts: nodes.map((one) => ({ value: one.name, label: one.name })), map: {} };
      }
      case "toolchain":
        return {
          texts: (toolchains ?? []).map(({ id, title }) => ({ value: id, label: `${title} (${id})` })),
          map: {},
        };
      case "stream":
      case "path": {
        const keys = name === "stream" ? state.filter(([, { type }]) => type === "string") : state;
        // The path of an event is a name of its own.
        if (name === "path" && !path.includes("changes")) return { texts: null, map: {} };
        return { texts: keys.map(([key, { type }]) => ({ value: key, label: `${key} (${type})` })), map: {} };
      }
      case "write":
        return {
          texts: null,
          map: {
            names: state.map(([key]) => key),
            named: "key",
            typeOf: (key) => {
              const found = toolchain.state?.[key];
              return !found || found.type === "any" || found.reducer === "append" ? ANY : typeNamed(found.type);
            },
          },
        };
      default:
        return { texts: null, map: {} };
    }
  }, [name, path, toolchain, container, node, help, toolchains]);
}

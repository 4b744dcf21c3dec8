import { ReactFlowProvider } from "@xyflow/react";
import { useToolchain } from "@/api/toolchains";
import { ToolchainGraph } from "@/components/graph";
import { isDrawable } from "@/lib/flow";
import { inWords } from "@/lib/words";
import classes from "./Canvas.module.css";

/** The graph of a toolchain that another one runs: a picture, changed in its own editor. */
export function OpenedSubchain({ toolchain: id, version }: { toolchain: string; version: number | null }) {
  const { data, error } = useToolchain(id, version);
  return (
    <div className={`${classes.inner ?? ""} nodrag nopan nowheel`}>
      {data && isDrawable(data.toolchain) ? (
        // A canvas of its own: the one around it must not take its nodes for its own.
        <ReactFlowProvider>
          <ToolchainGraph toolchain={data.toolchain} still />
        </ReactFlowProvider>
      ) : (
        <p className={classes.nothing}>{error ? inWords(error) : "Loading"}</p>
      )}
    </div>
  );
}

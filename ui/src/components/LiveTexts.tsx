import { Section } from "@/components/graph/NodeDetails";
import { pathOf } from "@/lib/places";
import type { RunTrace } from "@/lib/trace";
import type { Toolchain } from "@/models";
import classes from "./LiveTexts.module.css";

// Of a map with many elements the last ones are enough to see that it goes on.
const MOST = 6;

/** The texts that a run's nodes write into its state, as they grow. */
export function LiveTexts({ trace, toolchain }: { trace: RunTrace; toolchain: Toolchain }) {
  const texts = [...trace.nodes.values()].flatMap(({ id, status, texts: written }) =>
    Object.entries(written).map(([path, text]) => ({ id, path, text, writing: status === "running" })),
  );
  return texts.slice(-MOST).map(({ id, path, text, writing }) => (
    <Section key={`${id} ${path}`} title={`${pathOf(id, trace, toolchain)}${path === "" ? "" : ` → ${path}`}`}>
      <div className={classes.text} data-writing={writing || undefined}>
        {text}
      </div>
    </Section>
  ));
}

import { Anchor, Progress } from "@mantine/core";
import { Section } from "@/components/graph/NodeDetails";
import { pathOf, roundsInWords, roundsOf } from "@/lib/places";
import type { RunTrace } from "@/lib/trace";
import type { Toolchain } from "@/models";
import classes from "./RunOverview.module.css";

interface RoundsProps {
  trace: RunTrace;
  toolchain: Toolchain;
  onSelect: (node: string) => void;
}

/** How far the maps and loops are that are under way. */
export function Rounds({ trace, toolchain, onSelect }: RoundsProps) {
  const open = [...roundsOf(trace, toolchain)].filter(([id]) => {
    const status = trace.nodes.get(id)?.status;
    return status === "running" || status === "waiting";
  });
  if (open.length === 0) return null;
  return (
    <Section title="Under way">
      {open.map(([id, rounds]) => {
        const title = pathOf(id, trace, toolchain);
        return (
          <div key={id} className={classes.round}>
            <Anchor component="button" type="button" size="sm" ta="left" onClick={() => onSelect(id)}>
              {title}
            </Anchor>
            <span className="tabular">{roundsInWords(rounds)}</span>
            <Progress
              value={rounds.total > 0 ? (rounds.done / rounds.total) * 100 : 0}
              aria-label={`${title}: ${roundsInWords(rounds)}`}
            />
          </div>
        );
      })}
    </Section>
  );
}

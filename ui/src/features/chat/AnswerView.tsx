import { Group, Text } from "@mantine/core";
import { lazy, Suspense, useDeferredValue, useMemo } from "react";
import { usePausesOf } from "@/api/runs";
import { CopyButton } from "@/components/CopyButton";
import { Failure } from "@/components/Failure";
import type { Turn } from "@/lib/answer";
import { citedNumbers } from "@/lib/citations";
import classes from "./AnswerView.module.css";
import { type ShownSource, shownNumber, type ShowSource } from "./shown";
import { SourceList } from "./SourceList";

const AnswerText = lazy(() => import("./AnswerText"));
const PauseCard = lazy(async () => ({ default: (await import("@/components/pauses/PauseCard")).PauseCard }));

interface AnswerViewProps {
  answer: NonNullable<Turn["answer"]>;
  shown: ShownSource | null;
  onShow: ShowSource;
  /** null while another answer is being written. */
  onRetry: (() => void) | null;
}

export function AnswerView({ answer, shown, onShow, onRetry }: AnswerViewProps) {
  const { phase, text, sources, error, runId } = answer;
  const writing = phase === "asking" || phase === "writing";
  const asked = usePausesOf(writing && answer.pauses === null ? runId : null).data;
  const pauses = answer.pauses ?? asked ?? [];
  const waiting = writing && pauses.length > 0;
  // Formatting yields to typing and scrolling when the text comes in fast.
  const calmText = useDeferredValue(text);
  const cited = useMemo(() => citedNumbers(text, new Set(sources.map((source) => source.n))), [text, sources]);
  const active = shownNumber(sources, shown);
  return (
    <div className={classes.answer} aria-busy={writing && !waiting}>
      {text === "" && writing && !waiting ? (
        <p className={classes.thinking} role="status">
          {phase === "asking" ? "Thinking…" : sources.length > 0 ? "Reading the passages…" : "Looking…"}
        </p>
      ) : null}
      {text !== "" ? (
        <Suspense
          fallback={
            <div className={classes.plain} dir="auto">
              {text}
            </div>
          }
        >
          <AnswerText
            text={writing ? calmText : text}
            sources={sources}
            shown={active}
            writing={writing && !waiting}
            onShow={onShow}
          />
        </Suspense>
      ) : null}
      {waiting && runId !== null ? (
        <Suspense fallback={null}>
          {pauses.map((pause) => (
            <PauseCard key={pause.node} runId={runId} pause={pause} />
          ))}
        </Suspense>
      ) : null}
      {phase === "failed" ? (
        <Failure fault={new Error(error ?? "The answer failed.")} onRetry={onRetry ?? undefined} />
      ) : null}
      {phase === "stopped" ? (
        <Text size="sm" c="dimmed">
          Stopped.
        </Text>
      ) : null}
      {sources.length > 0 && !writing ? (
        <SourceList sources={sources} cited={cited} shown={active} onShow={onShow} />
      ) : null}
      {text !== "" && !writing ? (
        <Group gap={4} className={classes.actions}>
          <CopyButton text={text} label="Copy answer" />
        </Group>
      ) : null}
    </div>
  );
}

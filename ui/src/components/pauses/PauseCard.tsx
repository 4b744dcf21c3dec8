import { lazy, Suspense, useMemo } from "react";
import { ApiError } from "@/api/client";
import { useResumeRun } from "@/api/runs";
import { Failure } from "@/components/Failure";
import { SchemaForm } from "@/components/form/SchemaForm";
import { IconSend } from "@/components/icons";
import { JsonTree } from "@/components/JsonTree";
import { useNow } from "@/components/useNow";
import { countdown } from "@/lib/countdown";
import { fieldOfFault } from "@/lib/formFaults";
import { formOf } from "@/lib/schemaForm";
import type { Pause } from "@/models";
import "@/components/tones.css";
import classes from "./PauseCard.module.css";

const MarkdownText = lazy(() => import("@/components/MarkdownText"));

interface PauseCardProps {
  runId: string;
  pause: Pause;
  /** Where in the run it is, in words. */
  place?: string;
  onAnswered?: () => void;
}

/** What a run waits for: what a person is told, until when, and the form to answer. */
export function PauseCard({ runId, pause, place, onAnswered }: PauseCardProps) {
  const title = pause.title || WORDS[pause.kind];
  return (
    <section className={classes.card} aria-label={title}>
      <header className={classes.head}>
        <h3 className={classes.title}>{title}</h3>
        {place && place !== title ? <span className={classes.place}>{place}</span> : null}
      </header>
      {pause.kind === "event" && pause.event ? (
        <p className={classes.event}>
          The run waits for the event <code>{pause.event}</code>. Whoever knows that it has come tells it here, or by{" "}
          <code>resume_run</code>.
        </p>
      ) : null}
      <Message message={pause.message} />
      {pause.until ? <Until until={pause.until} kind={pause.kind} /> : null}
      {pause.kind === "time" ? null : (
        <Answer runId={runId} pause={pause} title={title} onAnswered={onAnswered ?? (() => undefined)} />
      )}
    </section>
  );
}

const WORDS: Record<Pause["kind"], string> = {
  approval: "Waiting for approval",
  event: "Waiting for an event",
  time: "Waiting for its time",
};

/** Text is Markdown; everything else is shown as it is. */
function Message({ message }: { message: unknown }) {
  if (message === null || message === undefined || message === "") return null;
  if (typeof message !== "string") return <JsonTree value={message} label="Message" />;
  return (
    <Suspense
      fallback={
        <p className={classes.plain} dir="auto">
          {message}
        </p>
      }
    >
      <MarkdownText text={message} />
    </Suspense>
  );
}

function Until({ until, kind }: { until: string; kind: Pause["kind"] }) {
  const left = countdown(until, useNow(1_000));
  const come = left === "now";
  return (
    <p className={classes.until}>
      <time dateTime={until} title={new Date(until).toLocaleString()} className="tabular" role="timer">
        {come
          ? "The time has come; the run goes on in a moment."
          : kind === "time"
            ? `Goes on in ${left}`
            : `Goes on without an answer in ${left}`}
      </time>
    </p>
  );
}

interface AnswerProps {
  runId: string;
  pause: Pause;
  title: string;
  onAnswered: () => void;
}

function Answer({ runId, pause, title, onAnswered }: AnswerProps) {
  const resume = useResumeRun();
  const form = useMemo(() => formOf(pause.form), [pause.form]);
  const { error } = resume;
  const path = error instanceof ApiError ? fieldOfFault(form, error.field, "value") : null;
  // A switch that is two buttons has no place for words.
  const shown = error && path !== null && path !== "approved" ? { path, message: error.message } : null;
  return (
    <>
      <SchemaForm
        form={form}
        label={`Answer: ${title}`}
        action={pause.kind === "event" ? "It has come" : "Answer"}
        icon={<IconSend size={15} />}
        pending={resume.isPending || resume.isSuccess}
        fault={shown}
        onSubmit={(value) =>
          resume.mutate({ run_id: runId, node: pause.node, value: value ?? null }, { onSuccess: onAnswered })
        }
      />
      {error && !shown ? <Failure fault={error} /> : null}
    </>
  );
}

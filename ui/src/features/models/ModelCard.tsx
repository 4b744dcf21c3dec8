import { Badge, Button, Progress, Text } from "@mantine/core";
import { isMoving, useMoveModel } from "@/api/models";
import { Failure } from "@/components/Failure";
import { StatusDot, type Tone } from "@/components/StatusDot";
import { formatMemory } from "@/lib/memory";
import { formatDuration, plural } from "@/lib/format";
import type { Model, ModelKind, ModelState } from "@/models";
import { ModelMenu } from "./ModelMenu";
import classes from "./Models.module.css";

const STATES: Record<ModelState, [tone: Tone, word: string]> = {
  off: ["idle", "Off"],
  loading: ["busy", "Loading"],
  ready: ["good", "Ready"],
  sleeping: ["warn", "Sleeping"],
  unloading: ["busy", "Unloading"],
  failed: ["bad", "Failed"],
};

const KINDS: Record<ModelKind, string> = {
  chat: "Chat",
  embedding: "Embedding",
  rerank: "Reranking",
  multi_vector: "Pages",
};

/** One model: where it runs, what it takes, who holds it, and the button that loads or ends it. */
export function ModelCard({ model, mayChange }: { model: Model; mayChange: boolean }) {
  const remote = model.device === "remote";
  // An adapter comes and goes with its base.
  const mayMove = mayChange && !remote && !model.adapter_of;
  const [tone, word] = STATES[model.state];
  return (
    <article className={classes.card} aria-label={model.id}>
      <div className={classes.top}>
        <h3 className={classes.name}>{model.id}</h3>
        <Badge variant="light" color="gray" size="sm" tt="none" fw={560}>
          {KINDS[model.kind]}
        </Badge>
        {mayMove ? <ModelMenu model={model} /> : null}
      </div>
      {model.description ? (
        <Text size="sm" c="dimmed" lineClamp={3}>
          {model.description}
        </Text>
      ) : null}
      <dl className={classes.figures}>
        <Figure name="Engine">{model.engine}</Figure>
        <Figure name="Device">{remote ? "a provider’s" : model.device}</Figure>
        <Figure name="Memory">{remote ? "–" : memoryInWords(model)}</Figure>
        <Figure name="Loaded in">{secondsInWords(model.load_seconds)}</Figure>
        {model.dimensions ? <Figure name="Dimensions">{model.dimensions}</Figure> : null}
        {model.context || model.max_tokens ? (
          <Figure name={model.context ? "Context" : "Longest input"}>
            {(model.context ?? model.max_tokens ?? 0).toLocaleString("en")} tokens
          </Figure>
        ) : null}
      </dl>
      <Holders model={model} />
      {model.notice ? (
        <Text size="sm" className={classes.notice}>
          {model.notice}
        </Text>
      ) : null}
      {model.error ? <Failure fault={new Error(model.error)} /> : null}
      <Foot model={model} tone={remote ? "good" : tone} word={remote ? "Remote" : word} mayMove={mayMove} />
    </article>
  );
}

/** Measured while there is a process; else what it is thought to need. */
function memoryInWords({ memory_mb, estimated_mb }: Model): string {
  if (memory_mb > 0) return formatMemory(memory_mb);
  return estimated_mb ? `≈ ${formatMemory(estimated_mb)}` : "–";
}

function secondsInWords(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? "–" : formatDuration(seconds * 1000);
}

/** Who uses the model now, and who waits for it. */
function Holders({ model }: { model: Model }) {
  const { leases = [], waiting = 0, waiting_seconds = 0, pin, ttl_seconds, priority = 0 } = model;
  const kept = [
    pin ? "pinned" : null,
    ttl_seconds ? `ends after ${formatDuration(ttl_seconds * 1000)} unused` : null,
    priority === 0 ? null : `priority ${priority}`,
  ].filter(Boolean);
  if (leases.length === 0 && waiting === 0 && kept.length === 0) return null;
  return (
    <ul className={classes.holders} aria-label={`Who holds ${model.id}`}>
      {kept.length > 0 ? <li>{kept.join(" · ")}</li> : null}
      {leases.map(({ holder, since, in_flight, recalled }) => (
        <li key={`${holder} ${since}`}>
          <strong>{holder}</strong> holds it
          {in_flight > 0 ? `, ${plural(in_flight, "request")} under way` : ", idle"}
          {recalled ? ", asked back" : ""}
        </li>
      ))}
      {waiting > 0 ? (
        <li data-tone="wait">
          {plural(waiting, "request")} in the queue, the first for {formatDuration(waiting_seconds * 1000)}
        </li>
      ) : null}
    </ul>
  );
}

interface FootProps {
  model: Model;
  tone: Tone;
  word: string;
  mayMove: boolean;
}

function Foot({ model, tone, word, mayMove }: FootProps) {
  const move = useMoveModel();
  const to = model.state === "ready" || model.state === "sleeping" ? "off" : "ready";
  const { progress = null, retry_seconds = null } = model;
  return (
    <>
      {move.error ? <Failure fault={move.error} /> : null}
      {model.state === "loading" && progress !== null ? (
        <Progress value={progress * 100} size="sm" aria-label={`Loading ${model.id}`} />
      ) : null}
      <div className={classes.foot}>
        <span role="status">
          <StatusDot tone={tone}>
            {word}
            {model.state === "failed" && retry_seconds ? `, next try in ${formatDuration(retry_seconds * 1000)}` : ""}
          </StatusDot>
        </span>
        {mayMove ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={isMoving(model)}
            aria-label={`${to === "ready" ? "Load" : "Unload"} ${model.id}`}
            onClick={() => move.mutate({ model: model.id, to })}
          >
            {to === "ready" ? "Load" : "Unload"}
          </Button>
        ) : null}
      </div>
    </>
  );
}

function Figure({ name, children }: { name: string; children: string | number | (string | number)[] }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="tabular">{children}</dd>
    </div>
  );
}

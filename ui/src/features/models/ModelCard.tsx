import { Badge, Button, Text } from "@mantine/core";
import { isMoving, useMoveModel } from "@/api/models";
import { Failure } from "@/components/Failure";
import { StatusDot, type Tone } from "@/components/StatusDot";
import { formatMemory } from "@/lib/memory";
import { formatDuration } from "@/lib/format";
import type { Model, ModelKind, ModelState } from "@/models";
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
  multi_vector: "Pages as vectors",
};

/** One model: where it runs, what it takes, and the button that loads or ends it. */
export function ModelCard({ model, mayMove }: { model: Model; mayMove: boolean }) {
  const remote = model.device === "remote";
  const [tone, word] = STATES[model.state];
  return (
    <article className={classes.card} aria-label={model.id}>
      <div className={classes.top}>
        <h3 className={classes.name}>{model.id}</h3>
        <Badge variant="light" color="gray" size="sm" tt="none" fw={560}>
          {KINDS[model.kind]}
        </Badge>
      </div>
      {model.description ? (
        <Text size="sm" c="dimmed" lineClamp={3}>
          {model.description}
        </Text>
      ) : null}
      <dl className={classes.figures}>
        <Figure name="Engine">{model.engine}</Figure>
        <Figure name="Device">{remote ? "a provider’s" : model.device}</Figure>
        <Figure name="Memory">{remote || model.memory_mb === 0 ? "–" : formatMemory(model.memory_mb)}</Figure>
        <Figure name="Loaded in">{inWords(model.load_seconds)}</Figure>
        {model.dimensions ? <Figure name="Dimensions">{model.dimensions}</Figure> : null}
        {model.max_tokens ? <Figure name="Longest input">{model.max_tokens.toLocaleString("en")} tokens</Figure> : null}
      </dl>
      {model.error ? <Failure fault={new Error(model.error)} /> : null}
      <Foot model={model} tone={remote ? "good" : tone} word={remote ? "Remote" : word} mayMove={mayMove && !remote} />
    </article>
  );
}

function inWords(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? "–" : formatDuration(seconds * 1000);
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
  return (
    <>
      {move.error ? <Failure fault={move.error} /> : null}
      <div className={classes.foot}>
        <span role="status">
          <StatusDot tone={tone}>{word}</StatusDot>
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

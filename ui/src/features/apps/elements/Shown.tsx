import { Divider, Progress } from "@mantine/core";
import { asText, valueOf } from "@/lib/pageValues";
import type { PageElement } from "@/models";
import { useOpenPage } from "../runtime";
import classes from "./Elements.module.css";

type Of<K extends PageElement["kind"]> = Extract<PageElement, { kind: K }>;

export function TextElement({ element }: { element: Of<"text"> }) {
  const { scope } = useOpenPage();
  const words = asText(valueOf(element.value, scope));
  const Tag = element.size === "title" ? "h1" : element.size === "large" ? "h2" : "p";
  return (
    <Tag className={classes.text} data-size={element.size ?? "normal"}>
      {words}
    </Tag>
  );
}

export function DividerElement({ element }: { element: Of<"divider"> }) {
  return <Divider {...(element.label ? { label: element.label } : {})} my={4} />;
}

/** How far something is; a run that does not tell moves along without an end. */
export function ProgressElement({ element }: { element: Of<"progress"> }) {
  const { scope, busy } = useOpenPage();
  const own = element.value !== undefined && element.value !== null;
  const value = valueOf(own ? element.value : { ref: "run.progress" }, scope);
  const part = typeof value === "number" && Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : null;
  const endless = part === null && busy;
  const stage = own ? "" : asText(valueOf({ ref: "run.stage" }, scope));
  const label = element.label || "Progress";
  return (
    <div className={classes.labelled}>
      <span className={classes.label}>{stage && busy ? `${label}: ${stage}` : label}</span>
      <Progress.Root size="md">
        <Progress.Section
          value={endless ? 100 : (part ?? 0) * 100}
          striped={endless}
          animated={endless}
          aria-label={label}
          withAria={!endless}
        />
      </Progress.Root>
    </div>
  );
}

import { lazy, Suspense, useMemo } from "react";
import { Failure } from "@/components/Failure";
import { elementsOf } from "@/lib/pageEdit";
import type { PageDefinition } from "@/models";
import { Elements } from "./Elements";
import classes from "./PageView.module.css";
import { nodeIdOf } from "@/lib/pageState";
import { type OpenPage, OpenPageProvider } from "./runtime";

const PauseCard = lazy(async () => ({ default: (await import("@/components/pauses/PauseCard")).PauseCard }));

/** A page with its elements, and what its run has to say that no element shows. */
export function PageView({ open }: { open: OpenPage }) {
  const { page, run, runId, fault, busy } = open;
  const { answered, chats } = useMemo(() => handledBy(page), [page]);
  const pauses = (run.trace?.pauses ?? []).filter(({ node }) => !answered.has(nodeIdOf(node)));
  const failed = run.trace?.error && !chats ? run.trace.error.message : null;
  return (
    <OpenPageProvider value={open}>
      <div className={classes.page} data-width={page.width ?? "normal"} aria-busy={busy}>
        <Elements elements={page.elements} parent={null} />
        {fault ? <Failure fault={fault} /> : null}
        {run.fault ? <Failure fault={run.fault} onRetry={run.retry} /> : null}
        {failed ? <Failure fault={new Error(failed)} /> : null}
        {runId !== null && !chats ? (
          <Suspense fallback={null}>
            {pauses.map((pause) => (
              <PauseCard key={pause.node} runId={runId} pause={pause} />
            ))}
          </Suspense>
        ) : null}
      </div>
    </OpenPageProvider>
  );
}

/** The nodes that the page's own elements answer, and whether a chat shows how its runs end and what they wait for. */
function handledBy({ elements }: PageDefinition): { answered: Set<string>; chats: boolean } {
  const answered = new Set<string>();
  let chats = false;
  const waiting: unknown[] = [elements];
  while (waiting.length > 0) {
    const here = waiting.pop();
    if (typeof here !== "object" || here === null) continue;
    const { do: does, node } = here as { do?: unknown; node?: unknown };
    if (does === "answer" && typeof node === "string") answered.add(node);
    waiting.push(...(Object.values(here) as unknown[]));
  }
  for (const element of elementsOf(elements)) {
    if (element.kind === "chat" && (element.messages ?? null) === null) chats = true;
  }
  return { answered, chats };
}

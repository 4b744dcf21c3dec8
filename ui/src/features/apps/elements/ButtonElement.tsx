import { Button } from "@mantine/core";
import { useState } from "react";
import { lookUp } from "@/lib/pageValues";
import type { PageAction, PageElement } from "@/models";
import { useOpenPage } from "../runtime";

export function ButtonElement({ element }: { element: Extract<PageElement, { kind: "button" }> }) {
  const { act, busy, toolchain, scope } = useOpenPage();
  const [pressed, setPressed] = useState(false);
  const runs = element.on_press.some((action) => action.do === "run");
  const waits = runs && busy && ["enqueue", "reject"].includes(toolchain.on_busy ?? "enqueue");
  const asked = lookUp("run.waiting", scope);
  const isAsked = (action: PageAction) => action.do === "answer" && Array.isArray(asked) && asked.includes(action.node);
  const answers = element.on_press.some((action) => action.do === "answer");
  return (
    <Button
      variant={element.style === "quiet" ? "default" : "filled"}
      maw="100%"
      loading={pressed}
      disabled={waits || (answers && !element.on_press.some(isAsked))}
      onClick={() => {
        setPressed(true);
        void act(element.on_press).finally(() => setPressed(false));
      }}
    >
      {element.label || "Run"}
    </Button>
  );
}

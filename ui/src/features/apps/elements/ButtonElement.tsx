import { Button } from "@mantine/core";
import { useState } from "react";
import type { PageElement } from "@/models";
import { useOpenPage } from "../runtime";

export function ButtonElement({ element }: { element: Extract<PageElement, { kind: "button" }> }) {
  const { act, busy, toolchain } = useOpenPage();
  const [pressed, setPressed] = useState(false);
  const runs = element.on_press.some((action) => action.do === "run");
  const waits = runs && busy && ["enqueue", "reject"].includes(toolchain.on_busy ?? "enqueue");
  return (
    <Button
      variant={element.style === "quiet" ? "default" : "filled"}
      maw="100%"
      loading={pressed}
      disabled={waits}
      onClick={() => {
        setPressed(true);
        void act(element.on_press).finally(() => setPressed(false));
      }}
    >
      {element.label || "Run"}
    </Button>
  );
}

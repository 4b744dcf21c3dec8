import { Button, Group, Text } from "@mantine/core";
import { type RefObject, useEffect } from "react";
import { useBlocker } from "react-router";
import { Dialog } from "@/components/Dialog";
import { useEditor } from "@/features/editor/store";
import { download } from "./download";
import { useDrafting } from "./drafting";
import type { Keeper } from "./keeping";

const isLost = (keeper: RefObject<Keeper | null>) => keeper.current?.keepNow() === false;

/** Asks before the editor is left, by a link or with its tab, while what is written there is kept nowhere else. */
export function LeaveGuard({ keeper }: { keeper: RefObject<Keeper | null> }) {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isLost(keeper)) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [keeper]);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname && isLost(keeper),
  );
  const keeping = useDrafting((state) => state.keeping);
  const trouble = useDrafting((state) => state.trouble);
  const toolchain = useEditor((state) => state.toolchain);
  // In the meantime the server may have taken it.
  const safe = blocker.state === "blocked" && keeping === "there";
  useEffect(() => {
    if (safe) blocker.proceed();
  }, [safe, blocker]);
  if (blocker.state !== "blocked" || safe) return null;
  return (
    <Dialog opened onClose={() => blocker.reset()} title={<Text fw={600}>The draft would be lost</Text>}>
      <Text size="sm">This browser has no room for it, and the server does not have it. {trouble}</Text>
      <Group gap="xs" mt="lg" justify="flex-end">
        <Button variant="subtle" color="red" onClick={() => blocker.proceed()}>
          Leave without it
        </Button>
        <Button variant="default" onClick={() => download(toolchain)}>
          Export as a file
        </Button>
        <Button data-autofocus onClick={() => blocker.reset()}>
          Stay
        </Button>
      </Group>
    </Dialog>
  );
}

import { Button, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Dialog } from "@/components/Dialog";
import { useEditor, useEditorStore } from "@/features/editor/store";
import { plural } from "@/lib/format";
import { elementsOf } from "@/lib/pageEdit";
import { firstPage } from "@/lib/pageElements";
import inspector from "./Inspector.module.css";

const PageBuilder = lazy(async () => ({ default: (await import("./PageBuilder")).PageBuilder }));

/** The name of the dialog in which the page is built. */
export const PAGE_DIALOG = "page";

/** The toolchain's own page in the editor: what it has, and the way to build it by eye. */
export function PageTab() {
  const page = useEditor((state) => state.toolchain.page ?? null);
  const show = useEditor((state) => state.show);
  const edit = useEditor((state) => state.edit);
  const count = page === null ? 0 : [...elementsOf(page.elements)].length;
  return (
    <div className={inspector.fields}>
      <Text size="sm" c="dimmed">
        {page === null
          ? "A page is where people use the toolchain without seeing how it is made."
          : `The page has ${plural(count, "element")}.`}
      </Text>
      <Button variant="light" onClick={() => show({ dialog: PAGE_DIALOG })}>
        {page === null ? "Make a page" : "Build the page"}
      </Button>
      {page === null ? null : (
        <Button
          variant="default"
          onClick={() => edit({ label: "Take away the page", change: (toolchain) => ({ ...toolchain, page: null }) })}
        >
          Take it away
        </Button>
      )}
    </div>
  );
}

/** The builder over the whole window; its changes are the draft's, with the editor's own undo. */
export function PageDialog({ onClose }: { onClose: () => void }) {
  const store = useEditorStore();
  const toolchain = useEditor((state) => state.toolchain);
  const origin = useEditor((state) => state.origin);
  const faults = useEditor((state) => state.faults).filter(({ path }) => path.startsWith("page"));
  const { edit, undo, redo } = store.getState();
  const page = toolchain.page ?? firstPage(toolchain);
  return (
    <Dialog
      opened
      onClose={onClose}
      fullScreen
      // Escape lets go of the element that is chosen.
      closeOnEscape={false}
      title="Page"
      styles={{ body: { height: "calc(100dvh - 60px)", padding: 0, display: "flex" } }}
    >
      <Suspense fallback={null}>
        <PageBuilder
          toolchain={toolchain}
          page={page}
          saved={origin}
          faults={faults}
          onChange={(next, merge) =>
            edit({
              label: "Change the page",
              ...(merge === null ? {} : { merge: `page.${merge}` }),
              change: (now) => ({ ...now, page: next }),
            })
          }
          onUndo={undo}
          onRedo={redo}
        />
      </Suspense>
    </Dialog>
  );
}

import { Button, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Link } from "react-router";
import { Dialog } from "@/components/Dialog";
import { IconExternal } from "@/components/icons";
import { Save, Steps } from "@/features/editor/DraftActions";
import { useEditor, useEditorStore } from "@/features/editor/store";
import { plural } from "@/lib/format";
import { firstPage } from "@/lib/pageElements";
import builder from "./Builder.module.css";

const isOfPage = (path: string) => /^page\b/.test(path);

const PageBuilder = lazy(async () => ({ default: (await import("./PageBuilder")).PageBuilder }));

/** The builder over the whole window; its changes are the draft's, with the editor's own undo, and are saved with it. */
export function PageDialog() {
  const store = useEditorStore();
  const toolchain = useEditor((state) => state.toolchain);
  const origin = useEditor((state) => state.origin);
  const faults = useEditor((state) => state.faults).filter(({ path }) => isOfPage(path));
  const { edit, undo, redo, show } = store.getState();
  const page = toolchain.page ?? firstPage(toolchain);
  return (
    <Dialog
      opened
      onClose={() => show({ building: false })}
      fullScreen
      // Escape lets go of the element that is chosen.
      closeOnEscape={false}
      title={`Page of ${toolchain.title || "this toolchain"}`}
      closeButtonProps={{ "aria-label": "To the canvas" }}
      classNames={{ body: builder.dialog ?? "" }}
    >
      <Suspense fallback={null}>
        <PageBuilder
          toolchain={toolchain}
          page={page}
          saved={origin}
          faults={faults}
          actions={<Actions />}
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

function Actions() {
  const { edit } = useEditorStore().getState();
  const none = useEditor((state) => (state.toolchain.page ?? null) === null);
  const origin = useEditor((state) => state.origin);
  const elsewhere = useEditor((state) => state.faults.filter(({ path }) => !isOfPage(path)).length);
  const paged = useEditor((state) => state.saved.page !== null && state.saved.page !== undefined);
  return (
    <div className={builder.actions}>
      {elsewhere > 0 ? (
        <Text size="xs" c="dimmed" role="status">
          {plural(elsewhere, "fault")} on the canvas
        </Text>
      ) : null}
      <Steps />
      {origin && paged ? (
        <Button
          component={Link}
          to={`/apps/${origin.id}?version=${origin.version}`}
          size="sm"
          variant="default"
          leftSection={<IconExternal size={15} />}
        >
          Open
        </Button>
      ) : null}
      {none ? (
        <Button
          size="sm"
          onClick={() => edit({ label: "Make a page", change: (now) => ({ ...now, page: firstPage(now) }) })}
        >
          Make this page
        </Button>
      ) : (
        <Save />
      )}
    </div>
  );
}

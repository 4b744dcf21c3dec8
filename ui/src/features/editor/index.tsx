import { Center, Loader } from "@mantine/core";
import { useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { useToolchain } from "@/api/toolchains";
import { Failure } from "@/components/Failure";
import { Page } from "@/components/Page";
import { TEST_OF_RUN } from "@/lib/cases/results";
import { copyOf, EMPTY_TOOLCHAIN } from "@/lib/editor/beginning";
import { PAGE_FIRST } from "@/lib/pageAddress";
import { refusalOf } from "@/lib/editor/reading";
import type { Toolchain } from "@/models";
import { EditorShell } from "./EditorShell";
import { createEditorStore, EditorProvider, type Origin } from "./store";

/** Edits a toolchain: a new one, the next version of one's own, or a copy of any. */
export default function Editor({ purpose }: { purpose: "new" | "edit" | "copy" }) {
  const { toolchainId = null } = useParams();
  const { data, error, refetch } = useToolchain(toolchainId);
  if (toolchainId === null) return <Opened key="new" toolchain={EMPTY_TOOLCHAIN} origin={null} />;
  if (data) {
    const { toolchain, id, version, shipped } = data;
    const refusal = refusalOf(toolchain);
    if (refusal !== null) {
      return (
        <Page title="Toolchain">
          <Failure fault={new Error(refusal)} />
        </Page>
      );
    }
    // What comes with the product is not changed: it is edited as a copy.
    return purpose === "edit" && !shipped ? (
      <Opened key={`edit ${id}`} toolchain={toolchain} origin={{ id, version }} />
    ) : (
      <Opened key={`copy ${id}`} toolchain={copyOf(toolchain)} origin={null} />
    );
  }
  return error ? (
    <Page title="Toolchain">
      <Failure fault={error} onRetry={() => void refetch()} />
    </Page>
  ) : (
    <Center h="100%">
      <Loader size="sm" aria-label="Loading the toolchain" />
    </Center>
  );
}

/** The draft begins as what was loaded first; what is loaded later is another's and takes nothing away. */
function Opened({ toolchain, origin }: { toolchain: Toolchain; origin: Origin | null }) {
  const [params] = useSearchParams();
  const [store] = useState(() => {
    const made = createEditorStore(toolchain, origin);
    if (params.has(PAGE_FIRST)) made.getState().show({ toolchainTab: "page", building: true });
    if (params.has(TEST_OF_RUN)) made.getState().show({ toolchainTab: "tests" });
    return made;
  });
  return (
    <EditorProvider value={store}>
      <EditorShell />
    </EditorProvider>
  );
}

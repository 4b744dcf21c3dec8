import { Button, Group, Loader, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useToolchain, useToolchainVersions } from "@/api/toolchains";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { useEditor, useEditorStore } from "@/features/editor/store";
import { together } from "@/lib/versions/together";
import type { Toolchain } from "@/models";
import { CompareDialog } from "./CompareDialog";
import { useSave } from "./useSave";

/** Two have changed one toolchain: what differs, and ways on of which none loses anything. */
export function ConflictDialog({ onClose }: { onClose: () => void }) {
  const toolchain = useEditor((state) => state.toolchain);
  const { id } = toolchain;
  const versions = useToolchainVersions(id);
  const latest = versions.data?.[0]?.version ?? null;
  const [comparing, setComparing] = useState(false);
  // Asked for anew to begin with; when it is asked for again later, what was typed stays.
  const [known, setKnown] = useState(false);
  if (!known && latest !== null && !versions.isFetching) setKnown(true);
  return (
    <Dialog opened onClose={onClose} size="lg" title={<Text fw={600}>Somebody else saved it too</Text>}>
      {versions.error ? <Failure fault={versions.error} onRetry={() => void versions.refetch()} /> : null}
      {known || versions.error ? null : <Loader size="xs" aria-label="Looking for the versions" />}
      {latest === null || !known ? null : (
        <Ways id={id} latest={latest} onCompare={() => setComparing(true)} onClose={onClose} />
      )}
      {comparing && latest !== null ? (
        <CompareDialog
          id={id}
          compared={{ from: latest, to: null }}
          versions={versions.data ?? []}
          draft={toolchain}
          onClose={() => setComparing(false)}
        />
      ) : null}
    </Dialog>
  );
}

interface WaysProps {
  id: string;
  latest: number;
  onCompare: () => void;
  onClose: () => void;
}

function Ways({ id, latest, onCompare, onClose }: WaysProps) {
  const editor = useEditorStore();
  const origin = useEditor((state) => state.origin);
  const mine = useEditor((state) => state.toolchain);
  const theirs = useToolchain(id, latest);
  const base = useToolchain(origin?.id === id ? id : null, origin?.version ?? null);
  const both = base.data && theirs.data ? together(base.data.toolchain, mine, theirs.data.toolchain) : null;
  const { save, pending } = useSave();
  const [copy, setCopy] = useState(`${id.slice(0, 70)}_mine`);
  const sound = /^[a-z][a-z0-9_-]{0,79}$/.test(copy);

  async function saveOver() {
    if ((await save(latest)) !== null) onClose();
  }

  async function saveBoth(whole: Toolchain) {
    editor.getState().edit({ label: "Put both together", change: () => whole });
    if ((await save(latest)) !== null) onClose();
    else editor.getState().undo();
  }

  async function saveCopy() {
    editor.getState().edit({ label: "Take another id", change: (mine) => ({ ...mine, id: copy }) });
    if ((await save()) !== null) onClose();
    else editor.getState().undo();
  }

  function takeTheirs() {
    const stored = theirs.data;
    if (!stored) return;
    const { edit, setSaved } = editor.getState();
    edit({ label: "Take what was saved", change: () => stored.toolchain, select: [] });
    setSaved(stored.toolchain, { id, version: latest });
    onClose();
  }

  return (
    <>
      <Text size="sm" mb="md">
        {origin?.id === id ? `You began at version ${origin.version}. ` : `There is a toolchain “${id}” already. `}
        Version {latest} was saved in the meantime. Nothing of either is lost.
      </Text>
      <Group gap="xs" mb="lg">
        <Button size="sm" variant="default" onClick={onCompare}>
          Compare the two
        </Button>
        {both ? (
          <Button size="sm" loading={pending} onClick={() => void saveBoth(both)}>
            Save both together
          </Button>
        ) : null}
        <Button size="sm" variant={both ? "default" : "filled"} loading={pending} onClick={() => void saveOver()}>
          Save mine as version {latest + 1}
        </Button>
        <Button size="sm" variant="default" disabled={!theirs.data} onClick={takeTheirs}>
          Take theirs
        </Button>
      </Group>
      <Text size="xs" c="dimmed" mb="md">
        {both ? "You changed different parts: together they are saved as one. " : ""}Theirs stays among the versions; if
        you take it, yours comes back with Undo.
      </Text>
      <Group gap="xs" align="flex-end">
        <TextInput
          size="sm"
          label="Or save mine as another toolchain"
          value={copy}
          maxLength={80}
          error={sound ? null : "Small letters, digits, - and _, a letter first."}
          onChange={(event) => setCopy(event.currentTarget.value)}
        />
        <Button
          size="sm"
          variant="default"
          disabled={!sound || copy === id}
          loading={pending}
          onClick={() => void saveCopy()}
        >
          Save a copy
        </Button>
      </Group>
    </>
  );
}

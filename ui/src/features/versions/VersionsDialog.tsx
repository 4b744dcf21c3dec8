import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useToolchainVersions } from "@/api/toolchains";
import { call } from "@/api/client";
import { Dialog } from "@/components/Dialog";
import { IconDownload } from "@/components/icons";
import { toastFailure } from "@/components/toast";
import { useEditor, useEditorStore } from "@/features/editor/store";
import { CompareDialog } from "./CompareDialog";
import { download } from "./download";
import { VersionsPanel } from "./VersionsPanel";

/** The versions of the toolchain that is edited. */
export function VersionsDialog({ onClose }: { onClose: () => void }) {
  const origin = useEditor((state) => state.origin);
  const toolchain = useEditor((state) => state.toolchain);
  const show = useEditor((state) => state.show);
  const [comparing, setComparing] = useState(false);
  const { data = [] } = useToolchainVersions(origin?.id ?? null);
  return (
    <Dialog opened onClose={onClose} size="xl" title={<Text fw={600}>Versions</Text>}>
      <Group gap="xs" mb="md">
        <Button size="compact-sm" variant="default" onClick={() => show({ dialog: "drafts" })}>
          Other drafts
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={13} />}
          onClick={() => download(toolchain)}
        >
          Export this draft
        </Button>
        {origin ? (
          <Button size="compact-sm" variant="default" onClick={() => setComparing(true)}>
            Compare any two
          </Button>
        ) : null}
      </Group>
      {origin ? (
        <Saved id={origin.id} version={origin.version} onClose={onClose} />
      ) : (
        <Text size="sm">It has not been saved yet. Every save is a version.</Text>
      )}
      {origin && comparing ? (
        <CompareDialog
          id={origin.id}
          compared={{ from: origin.version, to: null }}
          versions={data}
          draft={toolchain}
          onClose={() => setComparing(false)}
        />
      ) : null}
    </Dialog>
  );
}

interface SavedProps {
  id: string;
  version: number;
  onClose: () => void;
}

function Saved({ id, version, onClose }: SavedProps) {
  const editor = useEditorStore();

  /** An older version comes into the editor as a change that can be undone. */
  async function take(older: number) {
    try {
      const { toolchain } = await call("fetch_toolchain", { toolchain_id: id, version: older });
      editor.getState().edit({ label: `Take version ${older}`, change: () => toolchain, select: [] });
      onClose();
    } catch (fault) {
      toastFailure(fault);
    }
  }

  return <VersionsPanel id={id} shipped={false} shown={version} onTake={(older) => void take(older)} />;
}

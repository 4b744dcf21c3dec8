import { Button, Group, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { useToolchainVersions } from "@/api/toolchains";
import { call } from "@/api/client";
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
  return (
    <Modal.Stack>
      <Modal stackId="versions" opened onClose={onClose} size="xl" title={<Text fw={600}>Versions</Text>}>
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
          {origin ? <Compare id={origin.id} version={origin.version} /> : null}
        </Group>
        {origin ? (
          <Saved id={origin.id} version={origin.version} onClose={onClose} />
        ) : (
          <Text size="sm">It has not been saved yet. Every save is a version.</Text>
        )}
      </Modal>
    </Modal.Stack>
  );
}

function Saved({ id, version, onClose }: { id: string; version: number; onClose: () => void }) {
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

function Compare({ id, version }: { id: string; version: number }) {
  const toolchain = useEditor((state) => state.toolchain);
  const { data = [] } = useToolchainVersions(id);
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpened(true)}>
        Compare any two
      </Button>
      {opened ? (
        <CompareDialog
          id={id}
          compared={{ from: version, to: null }}
          versions={data}
          draft={toolchain}
          onClose={() => setOpened(false)}
        />
      ) : null}
    </>
  );
}

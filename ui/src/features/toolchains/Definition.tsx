import { Button } from "@mantine/core";
import { IconDownload } from "@/components/icons";
import { JsonTree } from "@/components/JsonTree";
import type { Toolchain } from "@/models";
import classes from "./ToolchainPage.module.css";

/** The toolchain as the file that it is. */
export function Definition({ toolchain }: { toolchain: Toolchain }) {
  function download() {
    const url = URL.createObjectURL(new Blob([JSON.stringify(toolchain, null, 2)], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${toolchain.id}.json`;
    link.click();
    URL.revokeObjectURL(url);
  }
  return (
    <div>
      <div className={classes.actions}>
        <Button size="sm" variant="default" leftSection={<IconDownload size={15} />} onClick={download}>
          Download
        </Button>
      </div>
      <JsonTree value={toolchain} label="Toolchain" open={4} />
    </div>
  );
}

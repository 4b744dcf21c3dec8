import { Button } from "@mantine/core";
import { IconDownload } from "@/components/icons";
import { JsonTree } from "@/components/JsonTree";
import { download } from "@/features/versions/download";
import type { Toolchain } from "@/models";
import classes from "./ToolchainPage.module.css";

/** The toolchain as the file that it is. */
export function Definition({ toolchain }: { toolchain: Toolchain }) {
  return (
    <div>
      <div className={classes.actions}>
        <Button
          size="sm"
          variant="default"
          leftSection={<IconDownload size={15} />}
          onClick={() => download(toolchain)}
        >
          Download
        </Button>
      </div>
      <JsonTree value={toolchain} label="Toolchain" open={4} />
    </div>
  );
}

import { ActionIcon, Progress, Table, UnstyledButton } from "@mantine/core";
import { IconClose } from "@/components/icons";
import { StatusDot, type Tone } from "@/components/StatusDot";
import { formatBytes } from "@/lib/format";
import type { Upload, UploadPhase } from "@/lib/uploads";
import classes from "./DocumentTable.module.css";
import { FileCell } from "./FileCell";
import { dismissUpload, retryUpload } from "./uploads";

const TONES: Record<UploadPhase, Tone> = {
  waiting: "idle",
  sending: "busy",
  sent: "busy",
  failed: "bad",
};

/** A file that is not a document of the server yet. */
export function UploadRow({ upload }: { upload: Upload }) {
  const { id, name, size, phase, progress, error } = upload;
  return (
    <Table.Tr className={classes.row}>
      <Table.Td>
        <FileCell name={name}>
          {phase === "failed" ? (
            <div className={classes.below}>
              <span className={classes.error}>{error}</span>
              <div className={classes.again}>
                {size > 0 ? (
                  <UnstyledButton className={classes.small} onClick={() => retryUpload(id)}>
                    Retry
                  </UnstyledButton>
                ) : null}
                <UnstyledButton className={classes.small} onClick={() => dismissUpload(id)}>
                  Dismiss
                </UnstyledButton>
              </div>
            </div>
          ) : (
            <Progress
              className={classes.below}
              value={Math.max(2, progress * 100)}
              size={4}
              aria-label={`Progress of ${name}`}
              transitionDuration={300}
            />
          )}
        </FileCell>
      </Table.Td>
      <Table.Td className={classes.status}>
        <StatusDot tone={TONES[phase]}>{phaseInWords(upload)}</StatusDot>
      </Table.Td>
      <Table.Td className={classes.number} />
      <Table.Td className={classes.number} />
      <Table.Td className={`${classes.number ?? ""} tabular`}>{formatBytes(size)}</Table.Td>
      <Table.Td className={classes.number} />
      <Table.Td className={classes.actions}>
        {phase === "waiting" || phase === "sending" ? (
          <ActionIcon variant="subtle" color="gray" aria-label={`Stop ${name}`} onClick={() => dismissUpload(id)}>
            <IconClose size={16} />
          </ActionIcon>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}

function phaseInWords({ phase, progress }: Upload): string {
  switch (phase) {
    case "waiting":
      return "In the queue";
    case "sending":
      return `Uploading ${Math.round(progress * 100)} %`;
    case "sent":
      return "Waiting";
    case "failed":
      return "Failed";
  }
}

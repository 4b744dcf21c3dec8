import { ActionIcon, Tabs, Tooltip } from "@mantine/core";
import { saveBlob } from "@/lib/blobs";
import { CopyButton } from "./CopyButton";
import { IconDownload } from "./icons";
import classes from "./CodeTabs.module.css";

export interface CodeTab {
  value: string;
  label: string;
  code: string;
  /** The name of the file that it can be kept as; null where that is of no use. */
  file?: string;
}

/** The same thing in several languages, to be copied. */
export function CodeTabs({ tabs }: { tabs: readonly CodeTab[] }) {
  return (
    <Tabs defaultValue={tabs[0]?.value ?? ""}>
      <Tabs.List>
        {tabs.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, label, code, file }) => (
        <Tabs.Panel key={value} value={value} pt="sm">
          <div className={classes.code}>
            <div className={classes.actions}>
              {file ? (
                <Tooltip label={`Download ${file}`}>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Download ${file}`}
                    onClick={() => saveBlob(new Blob([code], { type: "text/plain" }), file)}
                  >
                    <IconDownload size={16} />
                  </ActionIcon>
                </Tooltip>
              ) : null}
              <CopyButton text={code} label={`Copy ${label}`} />
            </div>
            <pre tabIndex={0}>{code}</pre>
          </div>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

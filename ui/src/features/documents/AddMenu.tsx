import { ActionIcon, Button, Group, Menu } from "@mantine/core";
import { useRef, useState } from "react";
import { IconChevronDown, IconFolder, IconGlobe, IconLink, IconUpload } from "@/components/icons";
import type { Picked } from "@/lib/dropped";
import classes from "./AddMenu.module.css";
import { AddUrlDialog } from "./AddUrlDialog";
import { CrawlDialog } from "./CrawlDialog";
import { FilePicker, type FilePickerHandle } from "./FilePicker";

interface AddMenuProps {
  collectionId: string;
  onFiles: (files: Picked[]) => void;
}

/** The ways into a collection: files, folders, addresses, sites. */
export function AddMenu({ collectionId, onFiles }: AddMenuProps) {
  const files = useRef<FilePickerHandle>(null);
  const folder = useRef<FilePickerHandle>(null);
  const [dialog, setDialog] = useState<"urls" | "site" | null>(null);
  return (
    <Group gap={0} wrap="nowrap">
      <Button
        className={classes.main ?? ""}
        leftSection={<IconUpload size={16} />}
        onClick={() => files.current?.open()}
      >
        Upload files
      </Button>
      <Menu>
        <Menu.Target>
          <ActionIcon className={classes.more ?? ""} variant="filled" size={36} aria-label="More ways to add documents">
            <IconChevronDown size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFolder size={16} />} onClick={() => folder.current?.open()}>
            Upload a folder
          </Menu.Item>
          <Menu.Item leftSection={<IconLink size={16} />} onClick={() => setDialog("urls")}>
            Add from the web
          </Menu.Item>
          <Menu.Item leftSection={<IconGlobe size={16} />} onClick={() => setDialog("site")}>
            Crawl a site
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <FilePicker ref={files} label="Choose files" takes="files" onFiles={onFiles} />
      <FilePicker ref={folder} label="Choose a folder" takes="folder" onFiles={onFiles} />
      <AddUrlDialog collectionId={collectionId} opened={dialog === "urls"} onClose={() => setDialog(null)} />
      <CrawlDialog collectionId={collectionId} opened={dialog === "site"} onClose={() => setDialog(null)} />
    </Group>
  );
}

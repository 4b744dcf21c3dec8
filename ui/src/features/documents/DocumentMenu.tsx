import { ActionIcon, Menu } from "@mantine/core";
import { useNavigate } from "react-router";
import { downloadDocument } from "@/api/client";
import { IconAlert, IconDownload, IconEye, IconMore, IconSearch, IconTrash, IconUpload } from "@/components/icons";
import { toastFailure } from "@/components/toast";
import { saveBlob } from "@/lib/blobs";
import { isReadable } from "@/lib/ingestion";
import { EMPTY_SEARCH, writeSearch } from "@/lib/searchForm";
import type { Document } from "@/models";
import type { DocumentActions } from "./DocumentRow";

interface DocumentMenuProps {
  document: Document;
  detailed: boolean;
  actions: DocumentActions;
}

/** What can be done with a document. */
export function DocumentMenu({ document, detailed, actions }: DocumentMenuProps) {
  const navigate = useNavigate();
  const { id, name, collection_id } = document;
  const readable = isReadable(document);

  function search() {
    const where = { field: "document.id", op: "eq", value: id } as const;
    void navigate(`/search?${writeSearch({ ...EMPTY_SEARCH, collections: [collection_id], where }).toString()}`);
  }

  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${name}`}>
          <IconMore size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {readable ? (
          <>
            <Menu.Item leftSection={<IconEye size={16} />} onClick={() => actions.onPreview(document)}>
              Preview
            </Menu.Item>
            <Menu.Item leftSection={<IconSearch size={16} />} onClick={search}>
              Search in it
            </Menu.Item>
          </>
        ) : null}
        <Menu.Item leftSection={<IconAlert size={16} />} onClick={() => actions.onDetails(document)}>
          {detailed ? "Hide details" : "Details"}
        </Menu.Item>
        <Menu.Item leftSection={<IconUpload size={16} />} onClick={() => actions.onReplace(document)}>
          Upload a new version
        </Menu.Item>
        <Menu.Item
          leftSection={<IconDownload size={16} />}
          onClick={() => void downloadDocument(id).then((blob) => saveBlob(blob, name), toastFailure)}
        >
          Download
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => actions.onDelete(document)}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

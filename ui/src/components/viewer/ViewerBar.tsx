import { ActionIcon, Tooltip } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { downloadDocument } from "@/api/client";
import { IconChevronLeft, IconChevronRight, IconClose, IconDownload, IconExternal } from "@/components/icons";
import { toastFailure } from "@/components/toast";
import { saveBlob, showBlob } from "@/lib/blobs";
import type { Document } from "@/models";
import classes from "./DocumentViewer.module.css";

interface ViewerBarProps {
  name: string;
  document: Document | null;
  page: number;
  onPage: (page: number) => void;
  onClose: () => void;
}

export function ViewerBar({ name, document, page, onPage, onClose }: ViewerBarProps) {
  const client = useQueryClient();
  const pages = document?.page_count ?? 0;
  const isPdf = document?.content_type === "application/pdf";

  async function withOriginal(hand: (blob: Blob) => void) {
    if (!document) return;
    try {
      const queryFn = () => downloadDocument(document.id);
      hand(await client.query({ queryKey: ["original", document.id], queryFn, staleTime: Infinity }));
    } catch (fault) {
      toastFailure(fault);
    }
  }

  return (
    <header className={classes.bar}>
      <h2 className={classes.name} title={name}>
        {name}
      </h2>
      {pages > 1 ? (
        <>
          <Action label="Previous page" disabled={page <= 1} onClick={() => onPage(page - 1)}>
            <IconChevronLeft size={18} />
          </Action>
          <span className={`${classes.pages ?? ""} tabular`} aria-live="polite">
            Page {page} of {pages}
          </span>
          <Action label="Next page" disabled={page >= pages} onClick={() => onPage(page + 1)}>
            <IconChevronRight size={18} />
          </Action>
        </>
      ) : null}
      {isPdf ? (
        <Action label="Open original" onClick={() => void withOriginal(showBlob)}>
          <IconExternal size={18} />
        </Action>
      ) : null}
      <Action
        label="Download original"
        disabled={!document}
        onClick={() => void withOriginal((b) => saveBlob(b, name))}
      >
        <IconDownload size={18} />
      </Action>
      <Action label="Close" onClick={onClose}>
        <IconClose size={18} />
      </Action>
    </header>
  );
}

interface ActionProps {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Action({ label, disabled, onClick, children }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={disabled ?? false} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

import { Button, FileButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { call } from "@/api/client";
import { COLLECTIONS } from "@/api/collections";
import { useIngested } from "@/api/pages";
import { uploadDocument } from "@/api/upload";
import { IconUpload } from "@/components/icons";
import { plural } from "@/lib/format";
import { idsFor, typesOfTarget } from "@/lib/pageElements";
import { asText, lookUp, valueOf } from "@/lib/pageValues";
import { faultOfFile } from "@/lib/uploads";
import { inWords } from "@/lib/words";
import type { PageElement } from "@/models";
import { useOpenPage } from "../runtime";
import classes from "./Elements.module.css";

/** Files that are shown while they come in; `document` when they have been taken, `fault` when not. */
interface Sent {
  key: number;
  name: string;
  share: number;
  document: string | null;
  collection: string;
  complete: boolean;
  fault: string | null;
}

const MOST_FILES = 50;
let last = 0;

/** Takes files in, and tells when they can be searched. */
export default function UploadElement({ element }: { element: Extract<PageElement, { kind: "upload" }> }) {
  const { act, scope, write, id, toolchain, page } = useOpenPage();
  const client = useQueryClient();
  const [files, setFiles] = useState<Sent[]>([]);
  // Several may end before the next drawing: each goes on from what the others have left.
  const latest = useRef(files);
  const stop = useRef<AbortController | null>(null);
  const bound = asText(valueOf(element.collection ?? null, scope));
  const many = element.multiple ?? true;
  const pending = files.some(({ complete, fault }) => !complete && fault === null);

  useEffect(() => () => stop.current?.abort(), []);

  function put(next: Sent[]) {
    latest.current = next;
    setFiles(next);
  }

  const change = (key: number, fields: Partial<Sent>) =>
    put(latest.current.map((file) => (file.key === key ? { ...file, ...fields } : file)));

  async function take(given: readonly File[]) {
    const chosen = given.slice(0, many ? MOST_FILES : 1);
    if (chosen.length === 0) return;
    const controller = (stop.current ??= new AbortController());
    const begun = chosen.map((file) => ({
      file,
      sent: {
        key: ++last,
        name: file.name,
        share: 0,
        document: null,
        collection: "",
        complete: false,
        fault: faultOfFile(file),
      },
    }));
    put([...(many ? latest.current : []), ...begun.map(({ sent }) => sent)]);
    let collection = bound;
    for (const { file, sent } of begun) {
      if (sent.fault !== null) continue;
      try {
        collection ||= await collectionFor(id, toolchain.title);
        const options = { file, source: null, replaces: null, collectionId: collection, signal: controller.signal };
        const onProgress = (share: number) => change(sent.key, { share });
        const { document_id } = await uploadDocument({ ...options, onProgress });
        change(sent.key, { document: document_id, collection });
      } catch (problem) {
        if (controller.signal.aborted) return;
        change(sent.key, { fault: inWords(problem) });
      }
    }
    void client.invalidateQueries({ queryKey: COLLECTIONS });
  }

  /** The last of the files has become searchable, or failed. */
  function settled(key: number, fields: Partial<Sent>) {
    change(key, fields);
    const next = latest.current;
    if (next.some(({ complete, fault }) => !complete && fault === null)) return;
    const done = next.filter(({ complete }) => complete);
    const ids = done.flatMap(({ document }) => document ?? []);
    if (ids.length === 0) return;
    const to = element.to ?? null;
    if (to !== null) {
      const held = lookUp(to, scope);
      const before =
        many && Array.isArray(held) ? held.filter((one) => typeof one === "string" && !ids.includes(one)) : [];
      write(to, idsFor(typesOfTarget(to, { toolchain, page }), [...(before as string[]), ...ids]));
    }
    void act(element.on_upload ?? [], {
      document_ids: ids,
      collection_id: done.at(-1)?.collection ?? null,
      file_names: done.map(({ name }) => name),
    });
  }

  const pick = many ? "Choose files" : "Choose a file";
  return (
    <div className={classes.labelled}>
      {element.label ? <span className={classes.label}>{element.label}</span> : null}
      <div
        className={classes.drop}
        onDragOver={(event) => {
          event.preventDefault();
          event.currentTarget.dataset["over"] = "";
        }}
        onDragLeave={({ currentTarget }) => delete currentTarget.dataset["over"]}
        onDrop={(event: DragEvent<HTMLDivElement>) => {
          event.preventDefault();
          delete event.currentTarget.dataset["over"];
          void take([...event.dataTransfer.files]);
        }}
      >
        <FileButton
          multiple={many}
          onChange={(given) => void take(Array.isArray(given) ? given : given ? [given] : [])}
          inputProps={{ "aria-label": element.label || pick }}
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={15} />} loading={pending}>
              {pick}
            </Button>
          )}
        </FileButton>
        <span>{many ? "or drop them here" : "or drop it here"}</span>
      </div>
      {files.length > 0 ? (
        <ul className={classes.files} aria-label={plural(files.length, "file")}>
          {files.map((file) => (
            <li key={file.key} className={classes.file} data-failed={file.fault !== null || undefined}>
              <span title={file.name}>{file.name}</span>
              {file.document !== null && !file.complete && file.fault === null ? (
                <Ingesting documentId={file.document} onSettled={(fields) => settled(file.key, fields)} />
              ) : (
                <span>{file.fault ?? (file.complete ? "Ready" : `${Math.round(file.share * 100)} %`)}</span>
              )}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Ingesting({ documentId, onSettled }: { documentId: string; onSettled: (fields: Partial<Sent>) => void }) {
  const { data, error } = useIngested(documentId);
  const told = useRef(onSettled);
  useEffect(() => {
    told.current = onSettled;
  });
  const status = error ? "failed" : data?.status;
  const words = error ? inWords(error) : (data?.error ?? "It could not be read.");
  useEffect(() => {
    if (status === "complete") told.current({ complete: true });
    if (status === "failed") told.current({ fault: words });
  }, [status, words]);
  return <span role="status">Reading…</span>;
}

/** The collection of the person's own that the page's files go into; made with the first of them. */
async function collectionFor(toolchainId: string, title: string): Promise<string> {
  const { collections } = await call("fetch_all_collections", {});
  const own = collections.find(({ metadata }) => metadata["page_of"] === toolchainId);
  if (own) return own.id;
  const made = await call("create_document_collection", {
    name: `${title.slice(0, 180)}: files`,
    metadata: { page_of: toolchainId },
  });
  return made.id;
}

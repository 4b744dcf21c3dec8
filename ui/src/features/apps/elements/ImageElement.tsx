import { Loader } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { useDocument, useOriginal } from "@/api/documents";
import { Failure } from "@/components/Failure";
import { valueOf } from "@/lib/pageValues";
import type { Document, PageElement } from "@/models";
import { useOpenPage } from "../runtime";
import classes from "./Elements.module.css";

// What a page shows in its text; larger pictures are documents.
const LONGEST_ADDRESS = 8_000_000;
const PICTURE = /^data:image\/(png|jpeg|gif|webp|bmp|avif);base64,/;

export default function ImageElement({ element }: { element: Extract<PageElement, { kind: "image" }> }) {
  const { scope } = useOpenPage();
  const source = valueOf(element.source, scope);
  const name = element.label || "Picture";
  if (typeof source !== "string" || source === "") return <div className={classes.nothing}>{name}</div>;
  if (PICTURE.test(source) && source.length <= LONGEST_ADDRESS)
    return <Picture key={source} address={source} name={name} />;
  if (source.includes(":")) {
    return <Failure fault={new Error("Pictures are documents, or data: addresses. Others are not fetched.")} />;
  }
  return <DocumentPicture key={source} documentId={source} name={name} />;
}

function DocumentPicture({ documentId, name }: { documentId: string; name: string }) {
  const { data, error } = useDocument(documentId);
  if (error) return <Failure fault={error} />;
  return data ? <Original document={data} name={name} /> : <Loader size="sm" aria-label="Loading the picture" />;
}

function Original({ document, name }: { document: Document; name: string }) {
  const { data, error } = useOriginal(document);
  const blob = useMemo(() => data && new Blob([data], { type: document.content_type }), [data, document.content_type]);
  if (error) return <Failure fault={error} />;
  return blob ? <BlobPicture blob={blob} name={name} /> : <Loader size="sm" aria-label="Loading the picture" />;
}

/** The bytes as a picture; their address lives as long as that. */
function BlobPicture({ blob, name }: { blob: Blob; name: string }) {
  const picture = useRef<HTMLImageElement>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const url = URL.createObjectURL(blob);
    if (picture.current) picture.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [blob]);
  if (broken) return <Failure fault={new Error("This is no picture that can be shown.")} />;
  return <img ref={picture} alt={name} className={classes.picture} onError={() => setBroken(true)} />;
}

function Picture({ address, name }: { address: string; name: string }) {
  const [broken, setBroken] = useState(false);
  if (broken) return <Failure fault={new Error("This is no picture that can be shown.")} />;
  return <img src={address} alt={name} className={classes.picture} onError={() => setBroken(true)} />;
}

import { useMemo } from "react";
import { DocumentViewer } from "@/components/viewer/DocumentViewer";
import { valueOf } from "@/lib/pageValues";
import type { PageElement } from "@/models";
import { useOpenPage } from "../runtime";
import classes from "./Elements.module.css";

export default function ViewerElement({ element }: { element: Extract<PageElement, { kind: "viewer" }> }) {
  const { scope } = useOpenPage();
  const document = valueOf(element.document, scope);
  const page = valueOf(element.page ?? null, scope);
  const at = typeof page === "number" && page >= 1 ? Math.floor(page) : null;
  const passage = useMemo(
    () => (at === null ? null : { page: at, page_end: at, start: 0, end: 0, snippet: "", claim: null }),
    [at],
  );
  if (typeof document !== "string" || document === "") {
    return <div className={classes.nothing}>{element.label || "The document appears here."}</div>;
  }
  return (
    <div className={classes.viewer}>
      <DocumentViewer key={document} documentId={document} name={element.label || "Document"} passage={passage} />
    </div>
  );
}

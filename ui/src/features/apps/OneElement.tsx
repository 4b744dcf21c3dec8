import { Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { PageElement } from "@/models";
import { ButtonElement } from "./elements/ButtonElement";
import { DocumentsElement } from "./elements/DocumentsElement";
import { FieldElement, SelectElement, SwitchElement } from "./elements/Inputs";
import { DividerElement, ProgressElement, TextElement } from "./elements/Shown";
import { TableElement } from "./elements/TableElement";

// What many pages do not have is loaded when one does.
const ChartElement = lazy(() => import("./elements/ChartElement"));
const ChatElement = lazy(() => import("./elements/ChatElement"));
const FormElement = lazy(() => import("./elements/FormElement"));
const ImageElement = lazy(() => import("./elements/ImageElement"));
const MarkdownElement = lazy(() => import("./elements/MarkdownElement"));
const UploadElement = lazy(() => import("./elements/UploadElement"));
const ViewerElement = lazy(() => import("./elements/ViewerElement"));

/** An element that holds no others. */
export function OneElement({ element }: { element: PageElement }) {
  return <Suspense fallback={<Loader size="xs" aria-label="Loading" />}>{componentOf(element)}</Suspense>;
}

function componentOf(element: PageElement) {
  switch (element.kind) {
    case "chat":
      return <ChatElement element={element} />;
    case "text":
      return <TextElement element={element} />;
    case "markdown":
      return <MarkdownElement element={element} />;
    case "upload":
      return <UploadElement element={element} />;
    case "documents":
      return <DocumentsElement element={element} />;
    case "viewer":
      return <ViewerElement element={element} />;
    case "table":
      return <TableElement element={element} />;
    case "image":
      return <ImageElement element={element} />;
    case "form":
      return <FormElement element={element} />;
    case "field":
      return <FieldElement element={element} />;
    case "switch":
      return <SwitchElement element={element} />;
    case "select":
      return <SelectElement element={element} />;
    case "button":
      return <ButtonElement element={element} />;
    case "progress":
      return <ProgressElement element={element} />;
    case "chart":
      return <ChartElement element={element} />;
    case "divider":
      return <DividerElement element={element} />;
    // What holds others is drawn around them.
    case "row":
    case "column":
    case "tabs":
      return null;
  }
}

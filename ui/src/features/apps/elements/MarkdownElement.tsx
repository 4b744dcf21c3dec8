import { useDeferredValue } from "react";
import MarkdownText from "@/components/MarkdownText";
import { asText, valueOf } from "@/lib/pageValues";
import type { PageElement } from "@/models";
import { useOpenPage } from "../runtime";

export default function MarkdownElement({ element }: { element: Extract<PageElement, { kind: "markdown" }> }) {
  const { scope } = useOpenPage();
  // Formatting yields to typing when the text comes in fast.
  const text = useDeferredValue(asText(valueOf(element.value, scope)));
  return text === "" ? null : <MarkdownText text={text} />;
}

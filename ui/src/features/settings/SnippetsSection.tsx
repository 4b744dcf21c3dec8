import { CodeTabs } from "@/components/CodeTabs";
import { curlSnippet, pythonSnippet, typescriptSnippet, uploadSnippet } from "@/lib/snippets";
import { Section } from "@/components/Section";

const { origin } = window.location;

const SNIPPETS = [
  { value: "curl", label: "curl", code: curlSnippet(origin) },
  { value: "python", label: "Python", code: pythonSnippet(origin) },
  { value: "typescript", label: "TypeScript", code: typescriptSnippet(origin) },
  { value: "upload", label: "Upload a file", code: uploadSnippet(origin) },
];

export function SnippetsSection() {
  return (
    <Section
      title="Use it from code"
      about={
        <>
          Any OpenAI client works with this address. A toolchain is a model: <code>toolchain/rag</code> answers from
          your documents.
        </>
      }
    >
      <CodeTabs tabs={SNIPPETS} />
    </Section>
  );
}

import { Tabs } from "@mantine/core";
import { CopyButton } from "@/components/CopyButton";
import { curlSnippet, pythonSnippet, uploadSnippet } from "@/lib/snippets";
import { Section } from "@/components/Section";
import classes from "./SnippetsSection.module.css";

const { origin } = window.location;

const SNIPPETS = [
  { value: "curl", label: "curl", code: curlSnippet(origin) },
  { value: "python", label: "Python", code: pythonSnippet(origin) },
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
      <Tabs defaultValue="curl">
        <Tabs.List>
          {SNIPPETS.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {SNIPPETS.map(({ value, label, code }) => (
          <Tabs.Panel key={value} value={value} pt="sm">
            <div className={classes.code}>
              <pre tabIndex={0}>{code}</pre>
              <div className={classes.copy}>
                <CopyButton text={code} label={`Copy ${label}`} />
              </div>
            </div>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Section>
  );
}

import { type ComponentProps, createContext, memo, type ReactNode, use, useMemo } from "react";
import Markdown, { type Components, type ExtraProps } from "react-markdown";
import remarkGfm from "remark-gfm";
import { CopyButton } from "@/components/CopyButton";
import { remarkCitations } from "@/lib/citations";
import type { Source } from "@/models";
import classes from "./AnswerText.module.css";
import { CitationChip } from "./CitationChip";
import type { ShowSource } from "./shown";

interface Citing {
  sources: Source[];
  /** The number of the source that is open beside. */
  shown: number | null;
  onShow: ShowSource;
}

// By context and not by new components, which would make every chip anew and lose the focus on it.
const CitingContext = createContext<Citing>({ sources: [], shown: null, onShow: () => undefined });

/** An answer's Markdown. Raw HTML in it stays away, links open elsewhere, pictures are not fetched. */
function AnswerText({ text, writing, ...citing }: Citing & { text: string; writing: boolean }) {
  const { sources, shown, onShow } = citing;
  const context = useMemo(() => ({ sources, shown, onShow }), [sources, shown, onShow]);
  return (
    <CitingContext value={context}>
      <div className={classes.text} data-writing={writing || undefined}>
        <Formatted text={text} sources={sources} />
      </div>
    </CitingContext>
  );
}

export default AnswerText;

const Formatted = memo(function Formatted({ text, sources }: { text: string; sources: Source[] }) {
  const plugins = useMemo(() => {
    const known = new Set(sources.map((source) => source.n));
    return [remarkGfm, () => remarkCitations({ known })];
  }, [sources]);
  return (
    <Markdown remarkPlugins={plugins} components={COMPONENTS} skipHtml>
      {text}
    </Markdown>
  );
});

const COMPONENTS: Components & Record<"cite-mark", (props: { n?: unknown }) => ReactNode> = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  img: ({ alt }) => <em>{alt}</em>,
  pre: CodeBlock,
  table: ({ children }) => (
    <div className={classes.table} tabIndex={0} role="region" aria-label="Table">
      <table>{children}</table>
    </div>
  ),
  "cite-mark": Mark,
};

function Mark({ n }: { n?: unknown }) {
  const { sources, shown, onShow } = use(CitingContext);
  const source = sources.find((candidate) => candidate.n === Number(n));
  return source ? <CitationChip source={source} active={source.n === shown} onShow={onShow} /> : null;
}

function CodeBlock({ children, node }: ComponentProps<"pre"> & ExtraProps) {
  const code = node?.children[0];
  const words = code?.type === "element" ? code.children.map((child) => ("value" in child ? child.value : "")) : [];
  return (
    <div className={classes.code}>
      <div className={classes.copy}>
        <CopyButton text={words.join("")} label="Copy code" />
      </div>
      <pre tabIndex={0}>{children}</pre>
    </div>
  );
}

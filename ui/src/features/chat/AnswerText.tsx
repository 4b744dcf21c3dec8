import { memo, useMemo } from "react";
import Markdown, { type Components, type ExtraProps } from "react-markdown";
import remarkGfm from "remark-gfm";
import { CopyButton } from "@/components/CopyButton";
import { remarkCitations } from "@/lib/citations";
import type { Source } from "@/models";
import classes from "./AnswerText.module.css";
import { CitationChip } from "./CitationChip";

interface AnswerTextProps {
  text: string;
  sources: Source[];
  /** The number of the source that is open beside. */
  shown: number | null;
  writing: boolean;
  onShow: (source: Source) => void;
}

/** An answer's Markdown. Raw HTML in it stays text, links open elsewhere, pictures are not fetched. */
const AnswerText = memo(function AnswerText({ text, sources, shown, writing, onShow }: AnswerTextProps) {
  const plugins = useMemo(() => {
    const known = new Set(sources.map((source) => source.n));
    return [remarkGfm, () => remarkCitations({ known })];
  }, [sources]);

  const components = useMemo(() => {
    const parts: Components & Record<"cite-mark", (props: { n?: unknown }) => React.ReactNode> = {
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
      "cite-mark": ({ n }) => {
        const source = sources.find((candidate) => candidate.n === Number(n));
        return source ? <CitationChip source={source} active={source.n === shown} onShow={onShow} /> : null;
      },
    };
    return parts;
  }, [sources, shown, onShow]);

  return (
    <div className={classes.text} data-writing={writing || undefined}>
      <Markdown remarkPlugins={plugins} components={components} skipHtml>
        {text}
      </Markdown>
    </div>
  );
});

export default AnswerText;

function CodeBlock({ children, node }: React.ComponentProps<"pre"> & ExtraProps) {
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

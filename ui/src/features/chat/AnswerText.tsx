import { createContext, memo, type ReactNode, use, useMemo } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { MARKDOWN, REHYPE_PLUGINS } from "@/components/MarkdownText";
import classes from "@/components/Markdown.module.css";
import { remarkCitations } from "@/lib/citations";
import type { Source } from "@/models";
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
    <Markdown remarkPlugins={plugins} rehypePlugins={REHYPE_PLUGINS} components={COMPONENTS} skipHtml>
      {text}
    </Markdown>
  );
});

const COMPONENTS: Components & Record<"cite-mark", (props: { n?: unknown }) => ReactNode> = {
  ...MARKDOWN,
  "cite-mark": Mark,
};

function Mark({ n }: { n?: unknown }) {
  const { sources, shown, onShow } = use(CitingContext);
  const source = sources.find((candidate) => candidate.n === Number(n));
  return source ? <CitationChip source={source} active={source.n === shown} onShow={onShow} /> : null;
}

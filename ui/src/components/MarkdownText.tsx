import type { ComponentProps } from "react";
import Markdown, { type Components, type ExtraProps } from "react-markdown";
import remarkGfm from "remark-gfm";
import { rehypeDirection } from "@/lib/direction";
import { CopyButton } from "./CopyButton";
import classes from "./Markdown.module.css";

/** How Markdown is shown: links open elsewhere, pictures are not fetched. */
export const MARKDOWN: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  img: ({ alt }) => <em>{alt}</em>,
  pre: CodeBlock,
  table: ({ children, dir }) => (
    <div className={classes.table} dir={dir} tabIndex={0} role="region" aria-label="Table">
      <table>{children}</table>
    </div>
  ),
};

const PLUGINS = [remarkGfm];

export const REHYPE_PLUGINS = [rehypeDirection];

/** A text in Markdown. Raw HTML in it stays away. */
export default function MarkdownText({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      <Markdown remarkPlugins={PLUGINS} rehypePlugins={REHYPE_PLUGINS} components={MARKDOWN} skipHtml>
        {text}
      </Markdown>
    </div>
  );
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

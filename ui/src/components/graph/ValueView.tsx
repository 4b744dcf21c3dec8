import { isObject } from "@/lib/json";
import { expressionInWords } from "@/lib/expression";
import "@/components/tones.css";
import classes from "./Details.module.css";

/** A value of the toolchain language so that people can read it: references as chips, templates as text with their places marked. */
export function ValueView({ value }: { value: unknown }) {
  const marked = markOf(value);
  if (marked?.mark === "ref") return <code className={classes.reference}>{String(marked.held)}</code>;
  if (marked?.mark === "template") return <Template text={String(marked.held)} />;
  if (marked?.mark === "expr") return <span>{expressionInWords(marked.held)}</span>;
  const plain = marked ? marked.held : value;
  if (typeof plain === "string") return <span className={classes.text}>{plain === "" ? "“”" : plain}</span>;
  if (Array.isArray(plain) && plain.length > 0) {
    return (
      <ol className={classes.items}>
        {plain.map((item: unknown, index) => (
          <li key={index}>
            <ValueView value={item} />
          </li>
        ))}
      </ol>
    );
  }
  if (isObject(plain) && Object.keys(plain).length > 0) return <Values values={plain} />;
  return <code className={classes.literal}>{JSON.stringify(plain)}</code>;
}

/** Names and what each of them holds. */
export function Values({ values }: { values: Record<string, unknown> }) {
  return (
    <dl className={classes.values}>
      {Object.entries(values).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <ValueView value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Template({ text }: { text: string }) {
  // split with a group: the odd parts are the paths in {{ }}.
  const parts = text.split(/\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}/);
  return (
    <span className={classes.text}>
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          <code key={index} className={classes.reference}>
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </span>
  );
}

type Mark = "ref" | "template" | "expr" | "literal";

function markOf(value: unknown): { mark: Mark; held: unknown } | null {
  if (!isObject(value)) return null;
  const [entry, ...more] = Object.entries(value);
  if (!entry || more.length > 0 || !["ref", "template", "expr", "literal"].includes(entry[0])) return null;
  return { mark: entry[0] as Mark, held: entry[1] };
}

import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { isObject, summary } from "@/lib/json";
import { CopyButton } from "./CopyButton";
import { IconChevronRight } from "./icons";
import "@/components/tones.css";
import classes from "./JsonTree.module.css";

interface JsonTreeProps {
  value: unknown;
  /** What the value is, for those who hear the page. */
  label: string;
  /** How many levels are open at first. */
  open?: number;
}

/** A value as a tree whose branches fold; the whole can be copied as JSON. */
export function JsonTree({ value, label, open = 2 }: JsonTreeProps) {
  return (
    <div className={classes.box} role="group" aria-label={label}>
      <div className={classes.copy}>
        <CopyButton text={JSON.stringify(value, null, 2)} label={`Copy ${label.toLowerCase()}`} />
      </div>
      <div className={classes.tree}>
        <Root value={value} open={open} />
      </div>
    </div>
  );
}

// A list may be long, a page should not be: more come with a click.
const SHOWN = 100;

function Root({ value, open }: { value: unknown; open: number }) {
  const nested = isObject(value) || Array.isArray(value);
  return nested && Object.keys(value).length > 0 ? <Children value={value} open={open} /> : <Leaf value={value} />;
}

function Entry({ name, value, open }: { name: string; value: unknown; open: number }) {
  const nested = isObject(value) || Array.isArray(value);
  if (!nested || Object.keys(value).length === 0) {
    return (
      <div className={classes.entry}>
        <span className={classes.gutter} />
        <span className={classes.name}>{name}</span>
        <Leaf value={value} />
      </div>
    );
  }
  return <Branch name={name} value={value} open={open} />;
}

function Branch({ name, value, open }: { name: string; value: object; open: number }) {
  const [unfolded, setUnfolded] = useState(open > 1);
  return (
    <div>
      <UnstyledButton
        className={classes.fold}
        aria-expanded={unfolded}
        aria-label={`${name}, ${summary(value)}`}
        onClick={() => setUnfolded(!unfolded)}
      >
        <span className={classes.gutter} data-open={unfolded || undefined}>
          <IconChevronRight size={12} strokeWidth={2.2} />
        </span>
        <span className={classes.name}>{name}</span>
        {unfolded ? null : <span className={classes.summary}>{summary(value)}</span>}
      </UnstyledButton>
      {unfolded ? (
        <div className={classes.children}>
          <Children value={value} open={open - 1} />
        </div>
      ) : null}
    </div>
  );
}

function Children({ value, open }: { value: object; open: number }) {
  const [shown, setShown] = useState(SHOWN);
  const entries = Object.entries(value) as [string, unknown][];
  const hidden = entries.length - shown;
  return (
    <>
      {entries.slice(0, shown).map(([key, item]) => (
        <Entry key={key} name={key} value={item} open={open} />
      ))}
      {hidden > 0 ? (
        <UnstyledButton className={classes.more} onClick={() => setShown(shown + SHOWN)}>
          {`Show ${Math.min(SHOWN, hidden)} of ${hidden} more`}
        </UnstyledButton>
      ) : null}
    </>
  );
}

const LONG = 280;
// A longer text begins on a line of its own.
const LINE = 44;

function Leaf({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false);
  if (typeof value !== "string") {
    return (
      <span className={classes.leaf} data-type={value === null ? "null" : typeof value}>
        {JSON.stringify(value)}
      </span>
    );
  }
  const long = value.length > LONG;
  return (
    <span className={classes.leaf} data-type="string" data-long={value.length > LINE || undefined}>
      {value === "" ? "“”" : long && !whole ? summary(value, LONG) : value}
      {long ? (
        <UnstyledButton className={classes.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? "Less" : "More"}
        </UnstyledButton>
      ) : null}
    </span>
  );
}

import { useMemo } from "react";
import { IconCheck, IconClose } from "@/components/icons";
import { diffTexts } from "@/lib/textDiff";
import type { CheckResult } from "@/models";
import "@/components/tones.css";
import classes from "./CheckOutcome.module.css";

/** A check, whether it holds, and where it does not what was to be there and what is. */
export function CheckOutcome({ words, outcome }: { words: string; outcome: CheckResult | null }) {
  return (
    <div className={classes.check} data-passed={outcome?.passed}>
      <span className={classes.mark}>
        {outcome === null ? (
          <span aria-hidden>·</span>
        ) : (
          <span role="img" aria-label={outcome.passed ? "Holds" : "Does not hold"}>
            {outcome.passed ? <IconCheck size={14} strokeWidth={2.4} /> : <IconClose size={14} strokeWidth={2.4} />}
          </span>
        )}
      </span>
      <div className={classes.what}>
        <span className={classes.words}>{words}</span>
        {outcome && (!outcome.passed || outcome.kind === "judged" || outcome.kind === "similar") ? (
          <p className={classes.message}>{outcome.message}</p>
        ) : null}
        {outcome && !outcome.passed ? <Difference outcome={outcome} /> : null}
      </div>
    </div>
  );
}

function Difference({ outcome: { kind, expected, actual, differences } }: { outcome: CheckResult }) {
  if (differences && differences.length > 0) {
    return (
      <ul className={classes.differences} aria-label="Differences">
        {differences.map(({ path, before, after }) => (
          <li key={path}>
            <code>{path}</code>
            <Sides expected={before} actual={after} />
          </li>
        ))}
      </ul>
    );
  }
  if (kind === "equals" && typeof expected === "string" && typeof actual === "string")
    return <TextDifference expected={expected} actual={actual} />;
  if (kind === "judged" || kind === "schema")
    return actual === null || actual === undefined ? null : <Side name="It is" value={actual} />;
  return <Sides expected={expected} actual={actual} />;
}

function TextDifference({ expected, actual }: { expected: string; actual: string }) {
  const parts = useMemo(() => diffTexts(expected, actual), [expected, actual]);
  return (
    <p className={classes.text} aria-label="Difference">
      {parts.map(({ kind, text }, place) =>
        kind === "same" ? (
          <span key={place}>{text}</span>
        ) : kind === "removed" ? (
          <del key={place}>{text}</del>
        ) : (
          <ins key={place}>{text}</ins>
        ),
      )}
    </p>
  );
}

function Sides({ expected, actual }: { expected: unknown; actual: unknown }) {
  return (
    <>
      <Side name="Expected" value={expected} />
      <Side name="It is" value={actual} />
    </>
  );
}

function Side({ name, value }: { name: string; value: unknown }) {
  return (
    <div className={classes.side}>
      <span>{name}</span>
      <pre tabIndex={0}>{typeof value === "string" ? value : JSON.stringify(value, null, 1)}</pre>
    </div>
  );
}

import { lazy, Suspense } from "react";
import classes from "./Code.module.css";
import type { CodeProps } from "./CodeMirror";

const Loaded = lazy(() => import("./CodeMirror"));

/** A text with its language: JSON, Python, or a template with chips for what it refers to. Its library comes with the first one. */
export function CodeEditor(props: CodeProps) {
  return (
    <Suspense fallback={<pre className={classes.waiting}>{props.value.slice(0, 2000)}</pre>}>
      <Loaded {...props} />
    </Suspense>
  );
}

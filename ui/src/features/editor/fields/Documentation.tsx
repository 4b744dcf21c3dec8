import { Fragment } from "react";

/** Documentation as the schemas hold it: what stands between backticks is code, everything else is text. */
export function Documentation({ text }: { text: string }) {
  return text
    .split("`")
    .map((part, index) => <Fragment key={index}>{index % 2 === 1 ? <code>{part}</code> : part}</Fragment>);
}

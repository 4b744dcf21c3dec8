import { Tooltip } from "@mantine/core";
import type { MouseEvent } from "react";
import { lastSentence } from "@/lib/support";
import type { Source } from "@/models";
import classes from "./CitationChip.module.css";
import type { ShowSource } from "./shown";

interface CitationChipProps {
  source: Source;
  active: boolean;
  onShow: ShowSource;
}

/** A source's number in an answer: what it is on hover and focus, the passage itself on click. */
export function CitationChip({ source, active, onShow }: CitationChipProps) {
  function show({ currentTarget: chip }: MouseEvent<HTMLElement>) {
    onShow(source, claimBefore(chip));
    // The panel that opens makes the answer narrower: two frames later the lines lie anew, and the chip stays in sight.
    requestAnimationFrame(() => requestAnimationFrame(() => chip.scrollIntoView({ block: "nearest" })));
  }

  return (
    <Tooltip
      multiline
      w={320}
      openDelay={80}
      events={{ hover: true, focus: true, touch: false }}
      classNames={{ tooltip: classes.card ?? "" }}
      label={
        <>
          <strong className={classes.name} dir="auto">
            {source.document_name}
          </strong>
          <span className={classes.page}>Page {source.page}</span>
          <span className={classes.snippet} dir="auto">
            {source.snippet}
          </span>
        </>
      }
    >
      <button
        type="button"
        className={classes.chip}
        data-active={active || undefined}
        aria-label={`Source ${source.n}`}
        aria-pressed={active}
        onClick={show}
      >
        {source.n}
      </button>
    </Tooltip>
  );
}

/** The sentence that a chip stands after, in its paragraph, list item or table cell. */
function claimBefore(chip: HTMLElement): string | null {
  const block = chip.closest("p, li, td, th, blockquote, h1, h2, h3, h4");
  if (!block) return null;
  const range = document.createRange();
  range.setStart(block, 0);
  range.setEndBefore(chip);
  const before = range.cloneContents();
  // Other chips' numbers are no words of the claim.
  for (const other of before.querySelectorAll("button")) other.remove();
  return lastSentence(before.textContent);
}

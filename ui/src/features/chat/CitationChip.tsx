import { Tooltip } from "@mantine/core";
import type { MouseEvent } from "react";
import type { Source } from "@/models";
import classes from "./CitationChip.module.css";

interface CitationChipProps {
  source: Source;
  active: boolean;
  onShow: (source: Source) => void;
}

/** A source's number in an answer: what it is on hover and focus, the passage itself on click. */
export function CitationChip({ source, active, onShow }: CitationChipProps) {
  function show({ currentTarget: chip }: MouseEvent<HTMLElement>) {
    onShow(source);
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
          <strong className={classes.name}>{source.document_name}</strong>
          <span className={classes.page}>Page {source.page}</span>
          <span className={classes.snippet}>{source.snippet}</span>
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

import { UnstyledButton } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@/components/icons";
import type { Passage } from "@/lib/marks";
import classes from "./DocumentViewer.module.css";

interface PassagePillProps {
  passage: Passage;
  page: number;
  onPage: (page: number) => void;
}

/** The way to the rest of a passage that goes over the page, and back to one that is on another page. */
export function PassagePill({ passage, page, onPage }: PassagePillProps) {
  const to = page < passage.page || page > passage.page_end ? passage.page : page < passage.page_end ? page + 1 : null;
  if (to === null) return null;
  const words = page < passage.page || page > passage.page_end ? `Passage on page ${to}` : `Goes on on page ${to}`;
  return (
    <UnstyledButton className={classes.pill} onClick={() => onPage(to)}>
      {to < page ? <IconChevronLeft size={14} strokeWidth={2.2} /> : null}
      {words}
      {to > page ? <IconChevronRight size={14} strokeWidth={2.2} /> : null}
    </UnstyledButton>
  );
}

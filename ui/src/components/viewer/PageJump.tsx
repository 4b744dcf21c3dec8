import { Button, Group, NumberInput, Popover, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type SyntheticEvent, useState } from "react";
import { useEscape } from "@/components/useEscape";
import classes from "./DocumentViewer.module.css";

interface PageJumpProps {
  page: number;
  pages: number;
  onPage: (page: number) => void;
}

/** Which page is seen; asks for another by its number. */
export function PageJump({ page, pages, onPage }: PageJumpProps) {
  const [opened, popover] = useDisclosure(false);
  useEscape(opened, popover.close);
  return (
    <>
      <VisuallyHidden aria-live="polite">{`On page ${page}`}</VisuallyHidden>
      <Popover opened={opened} onChange={popover.set} closeOnEscape={false} trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton className={`${classes.pages ?? ""} tabular`} onClick={popover.toggle}>
            Page {page} of {pages}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown>
          <JumpForm
            page={page}
            pages={pages}
            onPage={(next) => {
              popover.close();
              onPage(next);
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

function JumpForm({ page, pages, onPage }: PageJumpProps) {
  const [wanted, setWanted] = useState<number | string>(page);
  const valid = typeof wanted === "number" && wanted >= 1 && wanted <= pages;

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (valid) onPage(wanted);
  }

  return (
    <form onSubmit={submit}>
      <Group gap="xs" wrap="nowrap">
        <NumberInput
          w={96}
          size="xs"
          aria-label="Page number"
          min={1}
          max={pages}
          allowDecimal={false}
          value={wanted}
          onChange={setWanted}
          onFocus={(event) => event.currentTarget.select()}
          data-autofocus
        />
        <Button type="submit" size="xs" disabled={!valid}>
          Go
        </Button>
      </Group>
    </form>
  );
}

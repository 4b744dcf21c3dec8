import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import { SideDrawer } from "./SideDrawer";
import classes from "./SidePanel.module.css";

interface SidePanelProps {
  label: string;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A panel beside the page where there is room, else a drawer over it. Its child draws the header with the close button. */
export function SidePanel({ label, opened, onClose, children }: SidePanelProps) {
  const wide = useMediaQuery("(min-width: 75em)", undefined, { getInitialValueInEffect: false });
  if (wide) {
    return opened ? (
      <aside className={classes.panel} aria-label={label} onKeyDown={(event) => event.key === "Escape" && onClose()}>
        {children}
      </aside>
    ) : null;
  }
  return (
    <SideDrawer label={label} opened={opened} onClose={onClose} position="right" size="min(680px, 100vw)">
      {children}
    </SideDrawer>
  );
}

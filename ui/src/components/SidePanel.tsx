import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useEffect, useRef } from "react";
import { SideDrawer } from "./SideDrawer";
import classes from "./SidePanel.module.css";
import { useEscape } from "./useEscape";

interface SidePanelProps {
  label: string;
  /** What is shown in it; null: it is closed. */
  shown: string | null;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A panel beside the page where there is room, else a drawer over it. Its child draws the header with the close button, and
 * may say by `data-autofocus` where the focus goes.
 */
export function SidePanel({ label, shown, onClose, children }: SidePanelProps) {
  const wide = useMediaQuery("(min-width: 75em)", undefined, { getInitialValueInEffect: false });
  if (wide) {
    return shown === null ? null : (
      <Beside label={label} shown={shown} onClose={onClose}>
        {children}
      </Beside>
    );
  }
  return (
    <SideDrawer label={label} opened={shown !== null} onClose={onClose} position="right" size="min(680px, 100vw)">
      {children}
    </SideDrawer>
  );
}

/** The focus goes into it with whatever is opened, and back to where that was opened from. */
function Beside({ label, shown, onClose, children }: SidePanelProps) {
  const panel = useRef<HTMLElement>(null);
  useEscape(true, onClose);
  useEffect(() => {
    const own = panel.current;
    const from = document.activeElement;
    (own?.querySelector<HTMLElement>("[data-autofocus]") ?? own)?.focus({ preventScroll: true });
    return () => {
      const now = document.activeElement;
      const lost = now === null || now === document.body || own?.contains(now);
      if (lost && from instanceof HTMLElement) from.focus({ preventScroll: true });
    };
  }, [shown]);
  return (
    <aside ref={panel} className={classes.panel} aria-label={label} tabIndex={-1}>
      {children}
    </aside>
  );
}

import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useEscape } from "./useEscape";
import classes from "./SideDrawer.module.css";

interface SideDrawerProps {
  /** Its accessible name. */
  label: string;
  opened: boolean;
  onClose: () => void;
  position: "left" | "right";
  size: number | string;
  children: ReactNode;
}

/** A drawer over the page without a header of its own. */
export function SideDrawer({ label, opened, onClose, position, size, children }: SideDrawerProps) {
  useEscape(opened, onClose);
  return (
    <Drawer.Root opened={opened} onClose={onClose} closeOnEscape={false} position={position} size={size} padding={0}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content aria-label={label}>
        <Drawer.Body className={classes.body}>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

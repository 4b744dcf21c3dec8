import { ActionIcon, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

interface ViewerActionProps {
  label: string;
  disabled?: boolean;
  /** Of something that is on or off: which. */
  pressed?: boolean;
  onClick: () => void;
  children: ReactNode;
}

/** An icon that does something, with its name. */
export function ViewerAction({ label, disabled = false, pressed, onClick, children }: ViewerActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={pressed ? "light" : "subtle"}
        color={pressed ? undefined : "gray"}
        size={32}
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

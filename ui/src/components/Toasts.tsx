import { Notification, Portal } from "@mantine/core";
import { IconAlert, IconCheck } from "./icons";
import { dismissToast, useToasts } from "./toast";
import classes from "./Toasts.module.css";

export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <Portal>
      <div className={classes.stack} role="status" aria-live="polite">
        {toasts.map(({ id, kind, text }) => (
          <Notification
            key={id}
            className={classes.toast}
            color={kind === "done" ? "tide" : "red"}
            icon={kind === "done" ? <IconCheck size={16} /> : <IconAlert size={16} />}
            withBorder
            closeButtonProps={{ "aria-label": "Dismiss" }}
            onClose={() => dismissToast(id)}
          >
            {text}
          </Notification>
        ))}
      </div>
    </Portal>
  );
}

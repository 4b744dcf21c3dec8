import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { IconChevronLeft } from "./icons";
import classes from "./Workspace.module.css";

interface WorkspaceProps {
  /** Where the page belongs. */
  back: { to: string; label: string };
  title: string;
  /** Badges and figures under the title. */
  facts?: ReactNode;
  actions?: ReactNode;
  /** What the page is about; it takes the room that there is. */
  children: ReactNode;
  /** What is said about it, at the right, on phones below. */
  aside: ReactNode;
  asideLabel: string;
}

/** A page as high as the window: one thing in the middle and a panel about it. */
export function Workspace({ back, title, facts, actions, children, aside, asideLabel }: WorkspaceProps) {
  return (
    <div className={classes.workspace}>
      <header className={classes.head}>
        <div className={classes.titles}>
          <Text component={Link} to={back.to} className={classes.back ?? ""}>
            <IconChevronLeft size={14} strokeWidth={2} />
            {back.label}
          </Text>
          <Title order={1} size="h3" className={classes.title ?? ""}>
            {title}
          </Title>
          {facts ? <div className={classes.facts}>{facts}</div> : null}
        </div>
        {actions ? <div className={classes.actions}>{actions}</div> : null}
      </header>
      <div className={classes.main}>{children}</div>
      <aside className={classes.aside} aria-label={asideLabel}>
        {aside}
      </aside>
    </div>
  );
}

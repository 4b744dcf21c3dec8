import { useDocumentTitle } from "@mantine/hooks";
import { type ReactNode } from "react";
import { useLocation } from "react-router";
import { Navigation, PLACES } from "./Navigation";
import { PageBoundary } from "./PageBoundary";
import classes from "./Shell.module.css";

/** The frame of every page: navigation at the left, on phones at the bottom. */
export function Shell({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const place = PLACES.find(({ to }) => pathname.startsWith(to));
  useDocumentTitle(place ? `${place.label} · Penstock` : "Penstock");
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <Navigation />
      <main id="content" className={classes.content} tabIndex={-1}>
        <PageBoundary key={pathname.split("/")[1]}>{children}</PageBoundary>
      </main>
    </div>
  );
}

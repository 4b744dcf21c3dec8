import { EmptyState } from "@/components/EmptyState";
import { IconFolder } from "@/components/icons";
import type { Collection } from "@/models";
import { CollectionList } from "./CollectionList";
import classes from "./DocumentsPage.module.css";

/** The page of an address whose collection is deleted, or never was. */
export function MissingCollection({ collections }: { collections: Collection[] }) {
  return (
    <div className={classes.page}>
      <CollectionList collections={collections} current={null} />
      <section className={classes.missing} aria-label="Missing collection" role="alert">
        <EmptyState icon={<IconFolder size={26} />} title="There is no such collection">
          {collections.length > 0
            ? "It was deleted, or its address is not whole. The others are in the list."
            : "It was deleted, or its address is not whole. There are no others yet."}
        </EmptyState>
      </section>
    </div>
  );
}

import { Button, Text } from "@mantine/core";
import { useEditor } from "@/features/editor/store";
import { plural } from "@/lib/format";
import { elementsOf } from "@/lib/pageEdit";
import inspector from "./Inspector.module.css";

/** The toolchain's own page in the editor: what it has, and the way to build it by eye. */
export function PageTab() {
  const page = useEditor((state) => state.toolchain.page ?? null);
  const show = useEditor((state) => state.show);
  const edit = useEditor((state) => state.edit);
  const count = page === null ? 0 : [...elementsOf(page.elements)].length;
  return (
    <div className={inspector.fields}>
      <Text size="sm" c="dimmed">
        {page === null
          ? "A page is where people use the toolchain without seeing how it is made."
          : `The page has ${plural(count, "element")}.`}
      </Text>
      <Button variant="light" onClick={() => show({ building: true })}>
        {page === null ? "Make a page" : "Build the page"}
      </Button>
      {page === null ? null : (
        <Button
          variant="default"
          onClick={() => edit({ label: "Take away the page", change: (toolchain) => ({ ...toolchain, page: null }) })}
        >
          Take it away
        </Button>
      )}
    </div>
  );
}

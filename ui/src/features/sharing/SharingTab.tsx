import { Text } from "@mantine/core";
import { useEditor } from "@/features/editor/store";
import { Sharing } from "./Sharing";

/** How others reach the toolchain that is edited, as it is saved. */
export function SharingTab() {
  const saved = useEditor((state) => state.saved);
  const origin = useEditor((state) => state.origin);
  if (origin?.id === saved.id) return <Sharing toolchain={saved} version={null} />;
  return (
    <Text size="sm" c="dimmed">
      Save it first: then programs, the clock and other systems can reach it.
    </Text>
  );
}

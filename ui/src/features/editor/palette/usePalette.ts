import { useEffect, useMemo } from "react";
import { useFunctionHelp } from "@/api/help";
import { useToolchains } from "@/api/toolchains";
import { kindOf } from "@/components/graph/kinds";
import { type PaletteItem, paletteOf } from "@/lib/editor/palette";
import { useEditor } from "../store";

/** Everything that can be added. */
export function usePalette(): PaletteItem[] {
  const help = useEditor((state) => state.help);
  const own = useEditor((state) => state.toolchain.id);
  const { data: toolchains } = useToolchains();
  return useMemo(
    () =>
      paletteOf(
        help.values(),
        (toolchains ?? []).filter(({ id }) => id !== own),
        (kind) => kindOf(kind).label,
      ),
    [help, toolchains, own],
  );
}

/** Has the editor know what the platform's functions take and give. */
export function useHelp(): void {
  const { data } = useFunctionHelp();
  const setHelp = useEditor((state) => state.setHelp);
  useEffect(() => {
    if (data) setHelp(data);
  }, [data, setHelp]);
}

import { exportedText } from "@/lib/versions/exported";
import type { Toolchain } from "@/models";

/** Gives a toolchain to the browser as a file. */
export function download(toolchain: Toolchain): void {
  const url = URL.createObjectURL(new Blob([exportedText(toolchain)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${toolchain.id}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

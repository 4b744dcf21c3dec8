import { useEffect } from "react";
import { toast } from "@/components/toast";

/** The longest text that becomes a toolchain, in characters or bytes. */
export const LARGEST_FILE = 4_000_000;

/** Hears of a toolchain that is pasted anywhere on the page, or dropped as a file. */
export function useGivenToolchain(onText: (text: string) => void): void {
  useEffect(() => {
    function pasted(event: ClipboardEvent) {
      if (isField(event.target)) return;
      const text = event.clipboardData?.getData("text/plain").trim() ?? "";
      if (!text.startsWith("{")) return;
      event.preventDefault();
      take(text);
    }
    function over(event: DragEvent) {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    }
    function dropped(event: DragEvent) {
      const file = event.dataTransfer?.files[0];
      // A dialog that is open takes it itself.
      if (!file || event.defaultPrevented) return;
      event.preventDefault();
      if (file.size > LARGEST_FILE) tooLarge();
      else void file.text().then(onText);
    }
    function take(text: string) {
      if (text.length > LARGEST_FILE) tooLarge();
      else onText(text);
    }
    window.addEventListener("paste", pasted);
    window.addEventListener("dragover", over);
    window.addEventListener("drop", dropped);
    return () => {
      window.removeEventListener("paste", pasted);
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", dropped);
    };
  }, [onText]);
}

function tooLarge(): void {
  toast("failed", "That is too large for a toolchain: 4 MB are the most.");
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA"].includes(target.tagName));
}

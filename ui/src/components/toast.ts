import { create } from "zustand";
import { inWords } from "@/lib/words";

export interface Toast {
  id: number;
  kind: "done" | "failed";
  text: string;
}

export const useToasts = create<{ toasts: Toast[] }>()(() => ({ toasts: [] }));

let last = 0;

/** Says something in the corner of the window for a few seconds; failures stay longer. */
export function toast(kind: Toast["kind"], text: string): void {
  const id = ++last;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-3), { id, kind, text }] }));
  setTimeout(() => dismissToast(id), kind === "done" ? 3_000 : 8_000);
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((shown) => shown.id !== id) }));
}

/** For `onError` of a mutation whose place on the page has no room for words. */
export function toastFailure(fault: unknown): void {
  toast("failed", inWords(fault));
}

import { createContext, useContext } from "react";
import type { PlacedFault } from "@/lib/editor/faults";
import type { Referable } from "@/lib/editor/references";
import type { Container } from "@/lib/editor/tree";

/** What the fields of a form have in common: what may be referred to there, and what is wrong. */
export interface FormContext {
  /** The node; null: the toolchain itself. */
  node: string | null;
  kind: string;
  container: Container;
  referables: readonly Referable[];
  /** Those of `write`, where the node's own result may be referred to, too. */
  withResult: readonly Referable[];
  faults: readonly PlacedFault[];
}

const Context = createContext<FormContext | null>(null);

export const FormProvider = Context.Provider;

export function useForm(): FormContext {
  const context = useContext(Context);
  if (!context) throw new Error("This is used outside of a form.");
  return context;
}

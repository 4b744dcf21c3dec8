import type { ComponentType } from "react";
import type { IconProps } from "@/components/icons";
import { IconBranch, IconEmit, IconFunction, IconLlm } from "./icons";

interface Kind {
  /** As people say it. */
  label: string;
  /** What nodes of this kind do. */
  summary: string;
  Icon: ComponentType<IconProps>;
}

const KINDS: Record<string, Kind> = {
  function: { label: "Function", summary: "Calls a function of the platform.", Icon: IconFunction },
  llm: { label: "Model", summary: "Asks a chat model.", Icon: IconLlm },
  branch: { label: "Branch", summary: "Goes the first way whose condition holds.", Icon: IconBranch },
  emit: { label: "Event", summary: "Tells whoever watches the run.", Icon: IconEmit },
};

export function kindOf(kind: string): Kind {
  return KINDS[kind] ?? { label: kind, summary: "", Icon: IconFunction };
}

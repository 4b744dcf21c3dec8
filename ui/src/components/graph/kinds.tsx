import type { ComponentType } from "react";
import type { IconProps } from "@/components/icons";
import {
  IconAgent,
  IconApproval,
  IconBranch,
  IconCode,
  IconEmit,
  IconFunction,
  IconHttp,
  IconJoin,
  IconLlm,
  IconLoop,
  IconMap,
  IconSubchain,
  IconUpdate,
  IconWait,
} from "./icons";

interface Kind {
  /** As people say it. */
  label: string;
  /** What nodes of this kind do. */
  summary: string;
  Icon: ComponentType<IconProps>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  function: { label: "Function", summary: "Calls a function of the platform.", Icon: IconFunction },
  llm: { label: "Model", summary: "Asks a chat model.", Icon: IconLlm },
  agent: { label: "Agent", summary: "Lets a model call tools until it answers.", Icon: IconAgent },
  update: { label: "Update", summary: "Changes the state.", Icon: IconUpdate },
  branch: { label: "Branch", summary: "Goes the first way whose condition holds.", Icon: IconBranch },
  join: { label: "Join", summary: "Waits for the ways that lead to it.", Icon: IconJoin },
  map: { label: "Map", summary: "Does its body for every element, several at once.", Icon: IconMap },
  loop: { label: "Loop", summary: "Does its body again and again.", Icon: IconLoop },
  subchain: { label: "Subchain", summary: "Runs another toolchain within this run.", Icon: IconSubchain },
  approval: { label: "Approval", summary: "Pauses for a person.", Icon: IconApproval },
  wait: { label: "Wait", summary: "Pauses for an event or a time.", Icon: IconWait },
  code: { label: "Code", summary: "Runs Python in a sandbox.", Icon: IconCode },
  http: { label: "Web request", summary: "Asks a web server.", Icon: IconHttp },
  emit: { label: "Event", summary: "Tells whoever watches the run.", Icon: IconEmit },
};

const STEPS: Record<string, Kind> = {
  turn: { label: "Turn", summary: "What the model said.", Icon: IconLlm },
  tool: { label: "Tool", summary: "A call that the model asked for.", Icon: IconFunction },
};

/** How a kind of nodes is shown, or of steps within them. */
export function kindOf(kind: string): Kind {
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : Object.hasOwn(STEPS, kind) ? STEPS[kind] : undefined;
  return known ?? { label: kind || "Step", summary: "", Icon: IconFunction };
}

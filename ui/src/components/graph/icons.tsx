import { icon } from "@/components/icons";

/* Icons of the kinds of nodes. */

export const IconFunction = icon(
  "Function",
  <path d="M9 5H8a2 2 0 0 0-2 2v3a2 2 0 0 1-2 2 2 2 0 0 1 2 2v3a2 2 0 0 0 2 2h1M15 5h1a2 2 0 0 1 2 2v3a2 2 0 0 0 2 2 2 2 0 0 0-2 2v3a2 2 0 0 1-2 2h-1M10.5 12h3" />,
);
export const IconLlm = icon(
  "Llm",
  <path d="M11 4.5c.7 4.2 2.3 5.8 6.5 6.5-4.2.7-5.8 2.3-6.5 6.5-.7-4.2-2.3-5.8-6.5-6.5 4.2-.7 5.8-2.3 6.5-6.5ZM18.5 15.5c.3 1.9 1.1 2.7 3 3-1.9.3-2.7 1.1-3 3-.3-1.9-1.1-2.7-3-3 1.9-.3 2.7-1.1 3-3Z" />,
);
export const IconBranch = icon(
  "Branch",
  <path d="M4 12h5c3 0 3-6 6-6h4.5M9 12c3 0 3 6 6 6h4.5M16.5 3l3 3-3 3M16.5 15l3 3-3 3" />,
);
export const IconEmit = icon(
  "Emit",
  <path d="M12 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3ZM8 16a5.6 5.6 0 0 1 0-8M16 8a5.6 5.6 0 0 1 0 8M5.2 18.8a9.6 9.6 0 0 1 0-13.6M18.8 5.2a9.6 9.6 0 0 1 0 13.6" />,
);
export const IconHalt = icon("Halt", <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM8.5 12h7" />);
export const IconAgent = icon(
  "Agent",
  <path d="M12 3.5v3M7 6.5h10a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1-2.5 2.5H7A2.5 2.5 0 0 1 4.5 16V9A2.5 2.5 0 0 1 7 6.5ZM9 11.5v1.5M15 11.5v1.5M9.5 21h5" />,
);
export const IconUpdate = icon("Update", <path d="M5 19.5h14M5.5 15.5l1-4 9-8 3 3-9 8-4 1ZM13.5 5.5l3 3" />);
export const IconJoin = icon("Join", <path d="M4 6h4.5c3 0 3 6 6 6H20M4 18h4.5c3 0 3-6 6-6M17 9l3 3-3 3" />);
export const IconMap = icon(
  "Map",
  <path d="M4 5.5h7v4H4ZM4 14.5h7v4H4ZM14 7.5h6M14 16.5h6M17.5 5l2.5 2.5-2.5 2.5M17.5 14l2.5 2.5-2.5 2.5" />,
);
export const IconLoop = icon(
  "Loop",
  <path d="M4.5 12a5.5 5.5 0 0 1 5.5-5.5h9M16 3.5l3 3-3 3M19.5 12a5.5 5.5 0 0 1-5.5 5.5H5M8 20.5l-3-3 3-3" />,
);
export const IconSubchain = icon("Subchain", <path d="M4 4.5h16v15H4ZM8 12h2.5M13.5 12H16M10.5 10v4h3v-4Z" />);
export const IconApproval = icon(
  "Approval",
  <path d="M10 4a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM3.5 19.5c.6-3.4 3-5.2 6.5-5.2 1 0 1.9.15 2.7.45M14 18l2.3 2.300L21 15.5" />,
);
export const IconWait = icon("Wait", <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7.500V12l3 2" />);
export const IconCode = icon("Code", <path d="M8.5 7 3.5 12l5 5M15.5 7l5 5-5 5M13.5 5l-3 14" />);
export const IconHttp = icon(
  "Http",
  <path d="M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM3.5 12h17M12 3.500c2.3 2.3 3.5 5.2 3.5 8.500s-1.2 6.2-3.5 8.500c-2.3-2.3-3.5-5.2-3.5-8.500s1.2-6.2 3.5-8.500Z" />,
);
export const IconSkip = icon("Skip", <path d="M5 6.5 12 12l-7 5.500v-11ZM12.5 6.500l7 5.5-7 5.5" />);
export const IconPause = icon("Pause", <path d="M9 6v12M15 6v12" />);

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

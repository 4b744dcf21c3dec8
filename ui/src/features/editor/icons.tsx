import { icon } from "@/components/icons";

/* Icons of the editor's tools. */

export const IconUndo = icon("Undo", <path d="M8.5 5 4.5 9l4 4M5 9h9a5.5 5.5 0 0 1 0 11h-3" />);
export const IconRedo = icon("Redo", <path d="m15.5 5 4 4-4 4M19 9h-9a5.5 5.5 0 0 0 0 11h3" />);
export const IconPin = icon("Pin", <path d="M9 4h6l-1 6 3 3H7l3-3-1-6ZM12 13v7" />);
export const IconNote = icon("Note", <path d="M5 5h14v9l-5 5H5V5ZM14 19v-5h5" />);
export const IconTidy = icon("Tidy", <path d="M4 9h5v6H4ZM15 4h5v5h-5ZM15 15h5v5h-5ZM9 12h3M15 6.5h-3v11h3" />);
export const IconMap = icon("Minimap", <path d="M4 5.5h16v13H4ZM12 11.5h5.5v4.5H12Z" />);
export const IconFit = icon("Fit", <path d="M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15" />);
export const IconAlign = icon("Align", <path d="M5 4v16M8 7h10v3.5H8ZM8 13.5h6V17H8Z" />);
export const IconFlow = icon(
  "Values",
  <path d="M4 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0ZM16 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0ZM8 7c7 0 1 10 8 10" />,
);
export const IconCommand = icon("Command", <path d="M5 7l4 4-4 4M11 16h8" />);

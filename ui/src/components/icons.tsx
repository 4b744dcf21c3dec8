import type { ReactNode } from "react";

export interface IconProps {
  size?: number;
  strokeWidth?: number;
}

/** A line icon on a 24 by 24 grid. It is decoration: the control around it carries the name. */
export function icon(name: string, paths: ReactNode) {
  function Icon({ size = 20, strokeWidth = 1.7 }: IconProps) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth={strokeWidth}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
        focusable={false}
      >
        {paths}
      </svg>
    );
  }
  Icon.displayName = name;
  return Icon;
}

export const IconChat = icon(
  "Chat",
  <path d="M20 12a7.5 7.5 0 0 1-7.5 7.5c-1.3 0-2.5-.3-3.6-.9L4 20l1.5-4.3A7.5 7.5 0 1 1 20 12Z" />,
);
export const IconDocuments = icon(
  "Documents",
  <path d="M14 3.5H7.5a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2V8L14 3.5Zm0 0V8h4.5M9 12.5h6M9 16h4" />,
);
export const IconToolchains = icon(
  "Toolchains",
  <path d="M3.5 5.5h5v5h-5zM15.5 13.5h5v5h-5zM8.5 8h4a2 2 0 0 1 2 2v4a2 2 0 0 0 1 2M12.5 8h7" />,
);
export const IconRuns = icon("Runs", <path d="M4 6.5h9M8 12h12M4 17.5h7M16.5 4.5l3.5 2-3.5 2z" />);
export const IconModels = icon(
  "Models",
  <path d="M7 7h10v10H7zM10 3.5V7M14 3.5V7M10 17v3.5M14 17v3.5M3.5 10H7M3.5 14H7M17 10h3.5M17 14h3.5" />,
);
export const IconSettings = icon("Settings", <path d="M4 7.5h8.5M17.5 7.5H20M4 16.5h2.5M11.5 16.5H20M15 5v5M9 14v5" />);
export const IconPlus = icon("Plus", <path d="M12 5v14M5 12h14" />);
export const IconClose = icon("Close", <path d="m6 6 12 12M18 6 6 18" />);
export const IconCheck = icon("Check", <path d="m5 12.5 4.5 4.5L19 7.5" />);
export const IconAlert = icon("Alert", <path d="M12 8v5M12 16.5v.1M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z" />);
export const IconSend = icon("Send", <path d="M12 19V5M6 11l6-6 6 6" />);
export const IconStop = icon("Stop", <rect x="7" y="7" width="10" height="10" rx="1.5" fill="currentColor" />);
export const IconCopy = icon("Copy", <path d="M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9" />);
export const IconMore = icon("More", <path d="M6 12h.01M12 12h.01M18 12h.01" strokeWidth={2.6} />);
export const IconTrash = icon(
  "Trash",
  <path d="M4.5 7h15M10 11v5.5M14 11v5.5M6.5 7l.8 11.2a2 2 0 0 0 2 1.8h5.4a2 2 0 0 0 2-1.8L17.5 7M9 7V4.5h6V7" />,
);
export const IconPencil = icon("Pencil", <path d="M4.5 19.5 5.5 15 16 4.5l3.5 3.5L9 18.5l-4.5 1ZM13.5 7l3.5 3.5" />);
export const IconUpload = icon(
  "Upload",
  <path d="M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 15.5v2a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-2" />,
);
export const IconDownload = icon(
  "Download",
  <path d="M12 4.5v11M7.5 11l4.5 4.5L16.5 11M4.5 15.5v2a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-2" />,
);
export const IconChevronLeft = icon("ChevronLeft", <path d="m14.5 6-6 6 6 6" />);
export const IconChevronRight = icon("ChevronRight", <path d="m9.5 6 6 6-6 6" />);
export const IconChevronDown = icon("ChevronDown", <path d="m6 9.5 6 6 6-6" />);
export const IconRefresh = icon("Refresh", <path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15" />);
export const IconKey = icon(
  "Key",
  <path d="M8 12.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM10.5 13.5l8-8M15 9l3 3M18.5 5.5l1.5 1.5" />,
);
export const IconLogout = icon(
  "Logout",
  <path d="M14 4.5H6.5a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2H14M10 12h10M16.5 8.5 20 12l-3.5 3.5" />,
);
export const IconSun = icon(
  "Sun",
  <path d="M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4" />,
);
export const IconMoon = icon("Moon", <path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z" />);
export const IconAuto = icon("Auto", <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 3.5v17" />);
export const IconExternal = icon(
  "External",
  <path d="M14 4.5h5.5V10M19.5 4.5 11 13M17 14v3.5a2 2 0 0 1-2 2H6.5a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2H10" />,
);
export const IconSearch = icon("Search", <path d="M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM16 16l4 4" />);
export const IconFolder = icon(
  "Folder",
  <path d="M3.5 7a2 2 0 0 1 2-2h4l2 2.5h7a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2V7Z" />,
);
export const IconMenu = icon("Menu", <path d="M4 7h16M4 12h16M4 17h10" />);
export const IconPlay = icon("Play", <path d="M8 5.5v13l10.5-6.5L8 5.5Z" />);
export const IconEye = icon(
  "Eye",
  <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z" />,
);
export const IconFork = icon(
  "Fork",
  <path d="M6 3.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4ZM18 3.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4ZM12 16.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4ZM6 7.500c0 4 6 3 6 9M18 7.500c0 4-6 3-6 9" />,
);
export const IconFilter = icon("Filter", <path d="M4 6.5h16M7 12h10M10 17.5h4" />);
export const IconHelp = icon(
  "Help",
  <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM9.7 9.6a2.35 2.35 0 1 1 3.6 2c-.9.6-1.3 1-1.3 1.9M12 16.4v.1" />,
);
export const IconZoomIn = icon(
  "ZoomIn",
  <path d="M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM16 16l4 4M11 8.5v5M8.5 11h5" />,
);
export const IconZoomOut = icon(
  "ZoomOut",
  <path d="M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM16 16l4 4M8.5 11h5" />,
);
export const IconPages = icon("Pages", <path d="M4.5 4.5h6v7h-6zM4.5 15h6v4.5h-6zM14 6h5.5M14 9.5h5.5M14 16h5.5" />);
export const IconPassages = icon("Passages", <path d="M4.5 4.5h15v6h-15zM4.5 13.5h15v6h-15zM8 7.5h8M8 16.5h5" />);
export const IconPin = icon("Pin", <path d="M9 4h6l-1 6 3.5 3.5h-11L10 10 9 4ZM12 13.5V20" />);
export const IconText = icon("Text", <path d="M5 6h14M5 10.5h14M5 15h14M5 19.5h8" />);
export const IconLink = icon(
  "Link",
  <path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1" />,
);
export const IconGlobe = icon(
  "Globe",
  <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17" />,
);

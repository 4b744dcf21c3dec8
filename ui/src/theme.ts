import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one accent: deep water, from foam to the bottom of the lake. */
const tide: MantineColorsTuple = [
  "#e9f6fa",
  "#d2ebf2",
  "#a5d6e4",
  "#74c0d6",
  "#4eaec9",
  "#2f9aba",
  "#157f9f",
  "#0b6480",
  "#095067",
  "#063d50",
];

const gray: MantineColorsTuple = [
  "#f8fafb",
  "#f1f5f6",
  "#e6ecef",
  "#d8e0e5",
  "#c1ccd3",
  "#9aa8b2",
  "#5f6d77",
  "#4a5761",
  "#303b43",
  "#18212a",
];

const dark: MantineColorsTuple = [
  "#d9e1e6",
  "#b7c3cb",
  "#93a2ad",
  "#6b7a85",
  "#303c45",
  "#25303a",
  "#1a242b",
  "#10171c",
  "#0c1216",
  "#080d10",
];

/** Deep enough for white words on it and for itself on white (WCAG AA). */
const red: MantineColorsTuple = [
  "#fff1f0",
  "#ffe1de",
  "#ffc3be",
  "#ff9d95",
  "#f97c73",
  "#e95a50",
  "#d03a31",
  "#bd2c24",
  "#a1231c",
  "#861b15",
];

const field = { styles: { label: { fontSize: "14px", fontWeight: 550, marginBottom: "4px" } } };

export const theme = createTheme({
  primaryColor: "tide",
  primaryShade: { light: 7, dark: 6 },
  colors: { tide, gray, dark, red },
  black: "#14202a",
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: "620", textWrap: "balance" },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "20px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    TextInput: field,
    PasswordInput: field,
    Select: field,
    MultiSelect: field,
    NumberInput: field,
    Textarea: field,
    TagsInput: field,
    Modal: {
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        centered: true,
        radius: "lg",
        overlayProps: { backgroundOpacity: 0.35, blur: 2 },
      },
    },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: false, fz: "xs" } },
    Menu: { defaultProps: { shadow: "sm", radius: "md", position: "bottom-end" } },
    Popover: { defaultProps: { shadow: "sm" } },
  },
});

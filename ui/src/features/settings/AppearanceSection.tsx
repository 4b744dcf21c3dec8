import { Group, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { IconAuto, IconMoon, IconSun } from "@/components/icons";
import { Section } from "@/components/Section";

const SCHEMES = [
  { value: "light", label: "Light", Icon: IconSun },
  { value: "dark", label: "Dark", Icon: IconMoon },
  { value: "auto", label: "Auto", Icon: IconAuto },
] as const;

export function AppearanceSection() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="Theme" about="Auto follows your system. Kept in this browser.">
      <SegmentedControl
        aria-label="Theme"
        value={colorScheme}
        onChange={setColorScheme}
        data={SCHEMES.map(({ value, label, Icon }) => ({
          value,
          label: (
            <Group gap={8} wrap="nowrap" px={4}>
              <Icon size={16} />
              {label}
            </Group>
          ),
        }))}
      />
    </Section>
  );
}

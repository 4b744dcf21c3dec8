import { Menu, UnstyledButton } from "@mantine/core";
import { useModels } from "@/api/models";
import { useToolchains } from "@/api/toolchains";
import { IconChevronDown } from "@/components/icons";
import classes from "@/components/Picker.module.css";
import type { ChatSettings } from "./settings";

/** No model has an empty id. */
const DEFAULT = "";

interface TargetPickerProps {
  settings: ChatSettings;
  /** A conversation that has a model keeps one: it can be changed, not taken away. */
  mayUseDefaultModel: boolean;
  onSettings: (change: Partial<ChatSettings>) => void;
}

/** What answers: a toolchain that can be talked to, and the chat model that it uses. */
export function TargetPicker({ settings, mayUseDefaultModel, onSettings }: TargetPickerProps) {
  const toolchains = (useToolchains().data ?? []).filter((toolchain) => toolchain.chat);
  const models = (useModels().data ?? []).filter((model) => model.kind === "chat");
  const chosen = toolchains.find((toolchain) => toolchain.id === settings.toolchain_id);
  const label = [chosen?.title ?? settings.toolchain_id, settings.model].filter(Boolean).join(" · ");
  return (
    <Menu position="top-start" width={300}>
      <Menu.Target>
        <UnstyledButton className={classes.picker} aria-label={`Answer with: ${label}`}>
          <span>{label}</span>
          <IconChevronDown size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflow: "auto" }}>
        <Menu.Label>Answer with</Menu.Label>
        <Menu.RadioGroup value={settings.toolchain_id} onChange={(toolchain_id) => onSettings({ toolchain_id })}>
          {toolchains.map(({ id, title, description }) => (
            <Option key={id} value={id} title={title} about={description} />
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>Model</Menu.Label>
        <Menu.RadioGroup
          value={settings.model ?? DEFAULT}
          onChange={(id) => onSettings({ model: id === DEFAULT ? null : id })}
        >
          {mayUseDefaultModel ? (
            <Option value={DEFAULT} title="Default" about="What the toolchain or the platform chooses" />
          ) : null}
          {models.map(({ id, description }) => (
            <Option key={id} value={id} title={id} about={description ?? ""} />
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

function Option({ value, title, about }: { value: string; title: string; about: string }) {
  return (
    <Menu.RadioItem value={value} closeMenuOnClick>
      <span className={classes.option}>{title}</span>
      {about ? <span className={classes.about}>{about}</span> : null}
    </Menu.RadioItem>
  );
}

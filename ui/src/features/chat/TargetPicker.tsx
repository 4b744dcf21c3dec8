import { Menu, UnstyledButton } from "@mantine/core";
import { useModels } from "@/api/models";
import { useToolchains } from "@/api/toolchains";
import { IconCheck, IconChevronDown } from "@/components/icons";
import classes from "./Composer.module.css";
import type { ChatSettings } from "./settings";

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
        {toolchains.map(({ id, title, description }) => (
          <Option
            key={id}
            title={title}
            about={description}
            checked={id === settings.toolchain_id}
            onChoose={() => onSettings({ toolchain_id: id })}
          />
        ))}
        <Menu.Divider />
        <Menu.Label>Model</Menu.Label>
        {mayUseDefaultModel ? (
          <Option
            title="Default"
            about="What the toolchain or the platform chooses"
            checked={settings.model === null}
            onChoose={() => onSettings({ model: null })}
          />
        ) : null}
        {models.map(({ id, description }) => (
          <Option
            key={id}
            title={id}
            about={description ?? ""}
            checked={id === settings.model}
            onChoose={() => onSettings({ model: id })}
          />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface OptionProps {
  title: string;
  about: string;
  checked: boolean;
  onChoose: () => void;
}

function Option({ title, about, checked, onChoose }: OptionProps) {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={checked}
      rightSection={checked ? <IconCheck size={16} /> : null}
      onClick={onChoose}
    >
      <span className={classes.option}>{title}</span>
      {about ? <span className={classes.about}>{about}</span> : null}
    </Menu.Item>
  );
}

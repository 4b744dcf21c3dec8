import { Menu, UnstyledButton, useMantineColorScheme, VisuallyHidden } from "@mantine/core";
import { useNavigate } from "react-router";
import { forgetFetched } from "@/api/queryClient";
import { endSession, useSession } from "@/api/session";
import classes from "./AccountMenu.module.css";
import { IconLogout, IconMoon, IconSettings, IconSun } from "./icons";

/** Ends the session and forgets everything that was fetched with it. */
export function logOut(): void {
  endSession();
  forgetFetched();
}

export function AccountMenu() {
  const username = useSession((state) => state.session?.user.username ?? "");
  const { colorScheme, toggleColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const dark = colorScheme === "dark";
  return (
    <Menu position="right-end" width={200}>
      <Menu.Target>
        <UnstyledButton className={classes.avatar}>
          {username.slice(0, 2).toUpperCase()}
          <VisuallyHidden>, account of {username}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{username}</Menu.Label>
        <Menu.Item leftSection={<IconSettings size={16} />} onClick={() => void navigate("/settings")}>
          Settings
        </Menu.Item>
        <Menu.Item leftSection={dark ? <IconSun size={16} /> : <IconMoon size={16} />} onClick={toggleColorScheme}>
          {dark ? "Light theme" : "Dark theme"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={logOut}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

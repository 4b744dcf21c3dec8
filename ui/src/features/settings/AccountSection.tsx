import { Button, Group, Text } from "@mantine/core";
import { useSession } from "@/api/session";
import { logOut } from "@/components/AccountMenu";
import { IconLogout } from "@/components/icons";
import { Section } from "@/components/Section";

export function AccountSection() {
  const user = useSession((state) => state.session?.user);
  return (
    <Section title="Account" about="Who you are here.">
      <Group justify="space-between">
        <div>
          <Text fw={550}>{user?.username}</Text>
          <Text size="sm" c="dimmed">
            {user?.is_admin ? "Administrator" : "User"}
          </Text>
        </div>
        <Button variant="default" leftSection={<IconLogout size={16} />} onClick={logOut}>
          Log out
        </Button>
      </Group>
    </Section>
  );
}

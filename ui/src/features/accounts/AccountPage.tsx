import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { createAccount, logIn } from "@/api/accounts";
import { ApiError } from "@/api/client";
import { useSession } from "@/api/session";
import { Logo } from "@/components/Logo";
import { faultOfPassword, faultOfUsername } from "@/lib/credentials";
import classes from "./AccountPage.module.css";
import { Water } from "./Water";

/** `first`: no account exists yet. `open`: log-in, and anybody may register. `login`: log-in only. */
export type Purpose = "first" | "open" | "login";

export function AccountPage({ purpose }: { purpose: Purpose }) {
  const [registering, setRegistering] = useState(false);
  const creating = purpose === "first" || registering;
  return (
    <div className={classes.page}>
      <Water />
      <main className={classes.card}>
        <Logo size={48} />
        <Title order={1} size="h2" mt="lg">
          {purpose === "first" ? "Create the first account" : creating ? "Create an account" : "Welcome back"}
        </Title>
        <Text c="dimmed" mt={4} mb="lg">
          {purpose === "first"
            ? "It will be the administrator of this server."
            : creating
              ? "Choose a name and a password."
              : "Log in to Penstock."}
        </Text>
        <CredentialsForm key={String(creating)} creating={creating} />
        {purpose === "open" ? (
          <Text size="sm" mt="lg" ta="center">
            <Anchor component="button" type="button" onClick={() => setRegistering(!registering)}>
              {registering ? "I have an account" : "Create an account"}
            </Anchor>
          </Text>
        ) : null}
      </main>
    </div>
  );
}

function CredentialsForm({ creating }: { creating: boolean }) {
  const notice = useSession((state) => state.notice);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const submit = useMutation({ mutationFn: creating ? createAccount : logIn });

  const field = submit.error instanceof ApiError ? submit.error.field : null;
  const message = submit.error?.message;
  const usernameFault = checked && creating ? faultOfUsername(username) : null;
  const passwordFault = checked && creating ? faultOfPassword(password) : null;

  function onSubmit(event: SyntheticEvent) {
    event.preventDefault();
    setChecked(true);
    if (creating && (faultOfUsername(username) ?? faultOfPassword(password))) return;
    submit.mutate({ username, password });
  }

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        {notice && !message ? (
          <Alert color="tide" role="status">
            {notice}
          </Alert>
        ) : null}
        {message && field !== "username" && field !== "password" ? (
          <Alert color="red" role="alert">
            {message}
          </Alert>
        ) : null}
        <TextInput
          label="Username"
          size="md"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          error={usernameFault ?? (field === "username" ? message : null)}
        />
        <PasswordInput
          label="Password"
          size="md"
          visibilityToggleButtonProps={{ "aria-label": "Show what is typed" }}
          autoComplete={creating ? "new-password" : "current-password"}
          description={creating ? "At least 8 characters." : undefined}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={passwordFault ?? (field === "password" ? message : null)}
        />
        <Button type="submit" size="md" fullWidth mt="xs" loading={submit.isPending}>
          {creating ? "Create account" : "Log in"}
        </Button>
      </Stack>
    </form>
  );
}

import type { Credentials } from "@/models";
import { call } from "./client";
import { queryClient } from "./queryClient";
import { READINESS } from "./readiness";
import { beginSession } from "./session";

export async function logIn(credentials: Credentials): Promise<void> {
  beginSession(await call("login", credentials));
}

/** Makes the account and logs in with it. */
export async function createAccount(credentials: Credentials): Promise<void> {
  await call("add_user", credentials);
  await logIn(credentials);
  await queryClient.invalidateQueries({ queryKey: READINESS });
}

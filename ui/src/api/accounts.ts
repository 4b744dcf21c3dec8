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
  try {
    await call("add_user", credentials);
    await logIn(credentials);
  } finally {
    // Also when it failed: somebody else may have made the first account meanwhile.
    await queryClient.invalidateQueries({ queryKey: READINESS });
  }
}

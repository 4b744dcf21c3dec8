import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { LoginResult, User } from "@/models";

interface Session {
  token: string;
  user: User;
}

interface SessionState {
  session: Session | null;
  /** Why the log-in is shown, when it was not asked for. */
  notice: string | null;
}

/** Who is logged in; kept over reloads and shared between tabs. */
export const useSession = create<SessionState>()(
  persist((): SessionState => ({ session: null, notice: null }), {
    name: "penstock.session",
    partialize: ({ session }) => ({ session }),
  }),
);

// Another tab's log-in or log-out counts here too.
window.addEventListener("storage", (event) => {
  if (event.key === "penstock.session") void useSession.persist.rehydrate();
});

export function beginSession(login: LoginResult): void {
  useSession.setState({ session: { token: login.access_token, user: login.user }, notice: null });
}

export function endSession(notice: string | null = null): void {
  useSession.setState({ session: null, notice });
}

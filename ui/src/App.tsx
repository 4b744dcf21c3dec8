import { Center, Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Navigate, Route, Routes, useMatch } from "react-router";
import { useReadiness } from "./api/readiness";
import { useSession } from "./api/session";
import { PageBoundary } from "./components/PageBoundary";
import { Shell } from "./components/Shell";
import { Unreachable } from "./components/Unreachable";
import { AccountPage } from "./features/accounts";

const AppPage = lazy(() => import("./features/apps/AppPage"));
const Chat = lazy(() => import("./features/chat"));
const Search = lazy(() => import("./features/search"));
const Documents = lazy(() => import("./features/documents"));
const Toolchains = lazy(() => import("./features/toolchains"));
const Runs = lazy(() => import("./features/runs"));
const Models = lazy(() => import("./features/models"));
const Gateway = lazy(() => import("./features/gateway"));
const Settings = lazy(() => import("./features/settings"));

export function App() {
  const readiness = useReadiness();
  const app = useMatch("/apps/:toolchainId");
  const loggedIn = useSession((state) => state.session !== null);
  if (readiness.isPending) return <Waiting />;
  if (readiness.isError) return <Unreachable onRetry={() => void readiness.refetch()} />;
  if (readiness.data.needs_first_account) return <AccountPage purpose="first" />;
  if (!loggedIn) return <AccountPage purpose={readiness.data.open_registration ? "open" : "login"} />;
  // People who use a toolchain's page need not see the rest of Penstock.
  if (app) {
    return (
      <PageBoundary key={app.params.toolchainId}>
        <Suspense fallback={<Waiting />}>
          <AppPage toolchainId={app.params.toolchainId ?? ""} />
        </Suspense>
      </PageBoundary>
    );
  }
  return (
    <Shell>
      <Suspense fallback={<Waiting />}>
        <Routes>
          <Route index element={<Navigate to="/chat" replace />} />
          <Route path="/chat/:conversationId?" element={<Chat />} />
          <Route path="/search" element={<Search />} />
          <Route path="/documents/:collectionId?/:view?" element={<Documents />} />
          <Route path="/toolchains/*" element={<Toolchains />} />
          <Route path="/runs/*" element={<Runs />} />
          <Route path="/models" element={<Models />} />
          <Route path="/models/gateway" element={<Gateway />} />
          <Route path="/settings" element={<Settings />} />
          <Route path="*" element={<Navigate to="/chat" replace />} />
        </Routes>
      </Suspense>
    </Shell>
  );
}

function Waiting() {
  return (
    <Center h="100%">
      <Loader size="sm" aria-label="Loading" />
    </Center>
  );
}

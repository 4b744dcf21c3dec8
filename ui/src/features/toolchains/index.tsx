import { Center, Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Route, Routes } from "react-router";
import { ToolchainListPage } from "./ToolchainListPage";
import { ToolchainPage } from "./ToolchainPage";

const Editor = lazy(() => import("@/features/editor"));

export default function Toolchains() {
  return (
    <Suspense
      fallback={
        <Center h="100%">
          <Loader size="sm" aria-label="Loading the editor" />
        </Center>
      }
    >
      <Routes>
        <Route index element={<ToolchainListPage />} />
        {/* No toolchain has this name: names begin with a letter. */}
        <Route path="_/new" element={<Editor purpose="new" />} />
        <Route path=":toolchainId" element={<ToolchainPage />} />
        <Route path=":toolchainId/edit" element={<Editor purpose="edit" />} />
        <Route path=":toolchainId/copy" element={<Editor purpose="copy" />} />
      </Routes>
    </Suspense>
  );
}

import { Route, Routes } from "react-router";
import { DraftPage } from "./DraftPage";
import { ToolchainListPage } from "./ToolchainListPage";
import { ToolchainPage } from "./ToolchainPage";

export default function Toolchains() {
  return (
    <Routes>
      <Route index element={<ToolchainListPage />} />
      {/* No toolchain has this name: names begin with a letter. */}
      <Route path="_/new" element={<DraftPage purpose="new" />} />
      <Route path=":toolchainId" element={<ToolchainPage />} />
      <Route path=":toolchainId/edit" element={<DraftPage purpose="edit" />} />
      <Route path=":toolchainId/copy" element={<DraftPage purpose="copy" />} />
    </Routes>
  );
}

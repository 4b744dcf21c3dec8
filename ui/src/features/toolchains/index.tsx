import { Page } from "@/components/Page";

export default function ToolchainsPage() {
  return <Page title="Toolchains">{null}</Page>;
}

import { Page } from "@/components/Page";

export default function DocumentsPage() {
  return <Page title="Documents">{null}</Page>;
}

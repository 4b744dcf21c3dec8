import { Page } from "@/components/Page";
import { AccountSection } from "./AccountSection";
import { ApiKeysSection } from "./ApiKeysSection";
import { AppearanceSection } from "./AppearanceSection";
import { SnippetsSection } from "./SnippetsSection";

export default function SettingsPage() {
  return (
    <Page title="Settings">
      <AccountSection />
      <AppearanceSection />
      <ApiKeysSection />
      <SnippetsSection />
    </Page>
  );
}

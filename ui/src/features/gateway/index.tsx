import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import "@/components/tones.css";
import { useSession } from "@/api/session";
import { Page } from "@/components/Page";
import { LimitsSection } from "./LimitsSection";
import { ProvidersSection } from "./ProvidersSection";
import { RoutesSection } from "./RoutesSection";
import { UsageSection } from "./UsageSection";

export default function GatewayPage() {
  const administrator = useSession((state) => state.session?.user.is_admin ?? false);
  return (
    <Page
      title="Gateway"
      summary={
        <>
          Who asks models what, through <code>/v1</code>: see also{" "}
          <Anchor component={Link} to="/models" underline="always">
            the models themselves
          </Anchor>
          .
        </>
      }
    >
      <UsageSection mayOfAll={administrator} />
      <ProvidersSection mayShare={administrator} />
      <RoutesSection mayChange={administrator} />
      {administrator ? <LimitsSection /> : null}
    </Page>
  );
}

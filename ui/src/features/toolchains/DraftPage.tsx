import { Center, Loader } from "@mantine/core";
import { useParams } from "react-router";
import { useToolchain } from "@/api/toolchains";
import { Failure } from "@/components/Failure";
import { Page } from "@/components/Page";
import { Draft } from "./Draft";
import { EXAMPLE } from "./example";

/** Writes a toolchain: a new one, the next version of one's own, or a copy of any. */
export function DraftPage({ purpose }: { purpose: "new" | "edit" | "copy" }) {
  const { toolchainId = null } = useParams();
  const { data, error, refetch } = useToolchain(toolchainId);
  if (toolchainId === null) {
    return (
      <Draft
        title="New toolchain"
        original={null}
        text={written(EXAMPLE)}
        back={{ to: "/toolchains", label: "Toolchains" }}
      />
    );
  }
  if (data) {
    const { toolchain, id } = data;
    const back = { to: `/toolchains/${id}`, label: toolchain.title };
    if (purpose === "edit") {
      return <Draft title={`Edit ${toolchain.title}`} original={id} text={written(toolchain)} back={back} />;
    }
    const copy = { ...toolchain, id: `${id.slice(0, 75)}_copy`, title: `${toolchain.title.slice(0, 190)} (copy)` };
    return <Draft title={`Duplicate ${toolchain.title}`} original={null} text={written(copy)} back={back} />;
  }
  return error ? (
    <Page title="Toolchain">
      <Failure fault={error} onRetry={() => void refetch()} />
    </Page>
  ) : (
    <Center h="100%">
      <Loader size="sm" aria-label="Loading the toolchain" />
    </Center>
  );
}

function written(toolchain: unknown): string {
  return JSON.stringify(toolchain, null, 2);
}

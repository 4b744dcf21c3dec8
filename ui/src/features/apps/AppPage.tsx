import { ActionIcon, Center, Loader, Tooltip } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { Link, useSearchParams } from "react-router";
import { useServedToolchain } from "@/api/pages";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { IconChevronLeft, IconDocuments, IconPencil, IconPlus } from "@/components/icons";
import { pageEditorOf } from "@/lib/pageAddress";
import type { PageDefinition, StoredToolchain } from "@/models";
import classes from "./AppPage.module.css";
import { PageView } from "./PageView";
import { usePage } from "./runtime";

/** A toolchain's own page, as people use it. */
export default function AppPage({ toolchainId }: { toolchainId: string }) {
  const [params] = useSearchParams();
  const asked = params.get("version") ?? "";
  const version = /^[1-9]\d{0,8}$/.test(asked) ? Number(asked) : null;
  const { stored, error, retry } = useServedToolchain(toolchainId, version);
  if (!stored) {
    return error ? (
      <Center h="100dvh" p="lg">
        <Failure fault={error} onRetry={retry} />
      </Center>
    ) : (
      <Center h="100dvh">
        <Loader size="sm" aria-label="Loading the page" />
      </Center>
    );
  }
  const { page = null } = stored.toolchain;
  if (page === null) return <NoPage stored={stored} />;
  return <Opened key={`${stored.id} ${stored.version}`} stored={stored} page={page} version={version} />;
}

interface OpenedProps {
  stored: StoredToolchain;
  page: PageDefinition;
  /** The version that the address names. */
  version: number | null;
}

function Opened({ stored, page, version }: OpenedProps) {
  const { id, toolchain, shipped } = stored;
  const [params, setParams] = useSearchParams();
  const title = page.title || toolchain.title;
  useDocumentTitle(title);

  function setThread(thread: string | null) {
    const changed = new URLSearchParams(params);
    if (thread === null) changed.delete("thread");
    else changed.set("thread", thread);
    setParams(changed, { replace: true });
  }

  const open = usePage({ id, version, toolchain, page }, params.get("thread"), setThread);
  return (
    <div className={classes.app}>
      <header className={classes.bar}>
        <Tooltip label="Penstock">
          <ActionIcon
            component={Link}
            to={`/toolchains/${id}`}
            variant="subtle"
            color="gray"
            size={36}
            aria-label="To the toolchain"
          >
            <IconChevronLeft size={18} />
          </ActionIcon>
        </Tooltip>
        <h1 className={classes.title}>{title}</h1>
        {shipped ? null : (
          <Tooltip label="Edit the page">
            <ActionIcon
              component={Link}
              to={pageEditorOf(id)}
              variant="subtle"
              color="gray"
              size={36}
              aria-label="Edit the page"
            >
              <IconPencil size={18} />
            </ActionIcon>
          </Tooltip>
        )}
        <Tooltip label="Begin anew">
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label="Begin anew"
            onClick={() => void open.act([{ do: "restart" }])}
          >
            <IconPlus size={18} />
          </ActionIcon>
        </Tooltip>
      </header>
      <main className={classes.main} id="content">
        <PageView open={open} />
      </main>
    </div>
  );
}

function NoPage({ stored: { id, shipped, toolchain } }: { stored: StoredToolchain }) {
  return (
    <Center h="100dvh" p="lg">
      <EmptyState
        icon={<IconDocuments size={28} />}
        title={`“${toolchain.title}” has no page`}
        action={
          <Link to={shipped ? `/toolchains/${id}` : pageEditorOf(id)}>{shipped ? "To the toolchain" : "Make one"}</Link>
        }
      >
        A page is where people use a toolchain without seeing how it is made.
      </EmptyState>
    </Center>
  );
}

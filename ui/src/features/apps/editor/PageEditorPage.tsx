import { Button, Center, Loader } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import { Link, useParams } from "react-router";
import { ApiError, call } from "@/api/client";
import { useSaveToolchain, useToolchain, useToolchainFaults } from "@/api/toolchains";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { IconChevronLeft, IconExternal, IconToolchains } from "@/components/icons";
import { Page } from "@/components/Page";
import { toast } from "@/components/toast";
import { emptyHistory, type History, recorded, redone, undone } from "@/lib/editor/history";
import { firstPage } from "@/lib/pageElements";
import type { PageDefinition, StoredToolchain } from "@/models";
import { keepDraft, readDraft } from "./drafts";
import { PageBuilder } from "./PageBuilder";
import classes from "./PageEditor.module.css";

/** Where the page of one's own toolchain is made. */
export default function PageEditorPage() {
  const { toolchainId = "" } = useParams();
  const { data, error, refetch } = useToolchain(toolchainId);
  if (data?.shipped) return <Shipped stored={data} />;
  // What was saved here is known already: it does not begin anew.
  if (data) return <PageEditor key={data.id} stored={data} />;
  return error ? (
    <Page title="Page">
      <Failure fault={error} onRetry={() => void refetch()} />
    </Page>
  ) : (
    <Center h="100%">
      <Loader size="sm" aria-label="Loading the toolchain" />
    </Center>
  );
}

function Shipped({ stored: { id, toolchain } }: { stored: StoredToolchain }) {
  return (
    <EmptyState
      icon={<IconToolchains size={28} />}
      title={`“${toolchain.title}” comes with Penstock`}
      action={
        <Button component={Link} to={`/toolchains/${id}/copy`} variant="light">
          Duplicate it
        </Button>
      }
    >
      Its page is changed in a copy of your own.
    </EmptyState>
  );
}

/** The page as it is now, and what was done to it. */
interface Work {
  page: PageDefinition;
  history: History<PageDefinition>;
}

function changed({ page, history }: Work, next: PageDefinition, merge: string | null): Work {
  return next === page ? { page, history } : { page: next, history: recorded(history, page, "Change the page", merge) };
}

function moved(now: Work, way: typeof undone<PageDefinition>): Work {
  const there = way(now.history, now.page);
  return there ? { page: there.state, history: there.history } : now;
}

function PageEditor({ stored }: { stored: StoredToolchain }) {
  const { id } = stored;
  const [draft] = useState(() => readDraft(id));
  // A draft of an older version is in conflict with what was saved since.
  const [base, setBase] = useState({ toolchain: stored.toolchain, version: draft?.version ?? stored.version });
  const [{ page, history }, setWork] = useState<Work>(() => {
    const begin: Work = { page: stored.toolchain.page ?? firstPage(stored.toolchain), history: emptyHistory() };
    return draft ? changed(begin, draft.page, null) : begin;
  });
  const [conflict, setConflict] = useState<StoredToolchain | null>(null);
  const toolchain = useMemo(() => ({ ...base.toolchain, page }), [base, page]);
  const [settled] = useDebouncedValue(toolchain, 350);
  const check = useToolchainFaults(settled);
  const save = useSaveToolchain();
  const refused = save.error instanceof ApiError ? save.error.faults : [];
  const faults = (refused.length > 0 ? refused : (check.data ?? [])).filter(({ path }) => path.startsWith("page"));
  const sound = settled === toolchain && check.isSuccess && !check.isPlaceholderData && check.data.length === 0;
  const edited = page !== (base.toolchain.page ?? null);
  const { page: calm } = settled;
  const differs = calm !== (base.toolchain.page ?? null) && history.past.length > 0;
  useEffect(() => {
    keepDraft(id, differs ? { version: base.version, page: calm } : null);
  }, [id, differs, base.version, calm]);

  async function keep(over: boolean) {
    const latest = await call("fetch_toolchain", { toolchain_id: id });
    if (latest.version !== base.version && !over) {
      setConflict(latest);
      return;
    }
    // What somebody else changed beside the page stays.
    const whole = { ...latest.toolchain, page };
    const { version } = await save.mutateAsync({ toolchain: { ...whole }, expected: latest.version });
    setBase({ toolchain: whole, version });
    setConflict(null);
    toast("done", `Saved as version ${version}.`);
  }

  function take(latest: StoredToolchain) {
    setBase({ toolchain: latest.toolchain, version: latest.version });
    setWork((now) => changed(now, latest.toolchain.page ?? firstPage(latest.toolchain), null));
    setConflict(null);
  }

  return (
    <div className={classes.editor}>
      <header className={classes.head}>
        <Link to={`/toolchains/${id}`} className={classes.back}>
          <IconChevronLeft size={14} strokeWidth={2} />
          {toolchain.title}
        </Link>
        <h1 className={classes.title}>Page</h1>
        <span className={classes.space} />
        <Button
          size="sm"
          variant="default"
          disabled={history.past.length === 0}
          onClick={() => setWork((now) => moved(now, undone))}
        >
          Undo
        </Button>
        <Button
          size="sm"
          variant="default"
          disabled={history.future.length === 0}
          onClick={() => setWork((now) => moved(now, redone))}
        >
          Redo
        </Button>
        <Button
          component={Link}
          to={`/apps/${id}?version=${base.version}`}
          size="sm"
          variant="default"
          leftSection={<IconExternal size={15} />}
        >
          Open
        </Button>
        <Button
          size="sm"
          disabled={!sound || !edited}
          loading={save.isPending}
          onClick={() => void keep(false).catch(() => undefined)}
        >
          Save
        </Button>
      </header>
      {conflict ? (
        <div className={classes.conflict} role="alert">
          <span>
            Version {conflict.version} was saved meanwhile. Yours is still here: take theirs (undo brings yours back),
            or save yours as the next version.
          </span>
          <Button size="compact-sm" variant="default" onClick={() => take(conflict)}>
            Take theirs
          </Button>
          <Button size="compact-sm" onClick={() => void keep(true).catch(() => undefined)}>
            Save mine
          </Button>
        </div>
      ) : null}
      {save.error && refused.length === 0 ? <Failure fault={save.error} /> : null}
      <PageBuilder
        toolchain={toolchain}
        page={page}
        saved={{ id, version: base.version }}
        faults={faults}
        onChange={(next, merge) => setWork((now) => changed(now, next, merge))}
        onUndo={() => setWork((now) => moved(now, undone))}
        onRedo={() => setWork((now) => moved(now, redone))}
      />
    </div>
  );
}

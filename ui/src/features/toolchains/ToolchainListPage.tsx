import { Badge, Button, Loader, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useToolchains } from "@/api/toolchains";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { IconChat, IconPlus, IconSearch, IconToolchains, IconUpload } from "@/components/icons";
import { Page } from "@/components/Page";
import { preferToolchain } from "@/features/chat/settings";
import { ImportDialog } from "@/features/versions/ImportDialog";
import { ToolchainPicture } from "@/features/versions/ToolchainPicture";
import { useGivenToolchain } from "@/features/versions/useGivenToolchain";
import { formatAgo, plural } from "@/lib/format";
import { matching } from "@/lib/matching";
import type { ToolchainSummary } from "@/models";
import classes from "./ToolchainList.module.css";

export function ToolchainListPage() {
  const { data: toolchains, error, isPending, refetch } = useToolchains();
  const [search, setSearch] = useState("");
  // The text that is imported; null while nothing is.
  const [importing, setImporting] = useState<string | null>(null);
  useGivenToolchain(setImporting);
  const navigate = useNavigate();
  const shown = matching(toolchains ?? [], search, ({ id, title, description }) => [title, id, description]);
  return (
    <Page
      title="Toolchains"
      summary="Workflows of models, functions and branches. Everything that works for you is one of them."
      actions={
        <>
          <Button variant="default" leftSection={<IconUpload size={16} />} onClick={() => setImporting("")}>
            Import
          </Button>
          <Button leftSection={<IconPlus size={16} />} onClick={() => void navigate("/toolchains/_/new")}>
            New toolchain
          </Button>
        </>
      }
    >
      {importing === null ? null : <ImportDialog key={importing} text={importing} onClose={() => setImporting(null)} />}
      <TextInput
        className={classes.search ?? ""}
        aria-label="Search toolchains"
        placeholder="Search"
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {error ? <Failure fault={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <Loader size="sm" aria-label="Loading toolchains" /> : null}
      <Gallery title="Yours" toolchains={shown.filter(({ shipped }) => !shipped)} />
      <Gallery title="With the product" toolchains={shown.filter(({ shipped }) => shipped)} />
      {toolchains && shown.length === 0 ? (
        <EmptyState icon={<IconToolchains size={26} />} title="Nothing found">
          No toolchain has “{search}” in its name or description.
        </EmptyState>
      ) : null}
    </Page>
  );
}

function Gallery({ title, toolchains }: { title: string; toolchains: readonly ToolchainSummary[] }) {
  if (toolchains.length === 0) return null;
  return (
    <section className={classes.gallery} aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      <ul className={classes.grid}>
        {toolchains.map((toolchain) => (
          <li key={toolchain.id}>
            <ToolchainCard toolchain={toolchain} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ToolchainCard({ toolchain }: { toolchain: ToolchainSummary }) {
  const {
    id,
    title,
    description,
    version,
    shipped,
    chat,
    updated_at,
    published_version: published,
    faults,
  } = toolchain;
  return (
    <article className={classes.card} aria-labelledby={`toolchain-${id}`}>
      <ToolchainPicture id={id} />
      <div className={classes.top}>
        <h3 className={classes.title} id={`toolchain-${id}`}>
          <Link to={`/toolchains/${id}`} className={classes.link}>
            {title}
          </Link>
        </h3>
        {faults && faults.length > 0 ? (
          <Badge
            variant="light"
            color="red"
            size="sm"
            tt="none"
            fw={560}
            title={faults.map(({ message }) => message).join(" ")}
          >
            {plural(faults.length, "fault")}
          </Badge>
        ) : null}
      </div>
      <Text size="sm" c="dimmed" lineClamp={3} className={classes.description ?? ""}>
        {description || "No description."}
      </Text>
      <div className={classes.foot}>
        <code>{id}</code>
        <span>
          {shipped
            ? "with the product"
            : `${versionInWords(version, published ?? null)}${updated_at ? `, ${formatAgo(updated_at)}` : ""}`}
        </span>
        {shipped ? (
          <Link to={`/toolchains/${id}/copy`} className={classes.talk} aria-label={`Use as a template: ${title}`}>
            Use as a template
          </Link>
        ) : null}
        {chat ? (
          <Link
            to="/chat"
            className={classes.talk}
            onClick={() => preferToolchain(id)}
            aria-label={`Talk to it: ${title}`}
          >
            <IconChat size={15} />
            Talk to it
          </Link>
        ) : null}
      </div>
    </article>
  );
}

function versionInWords(latest: number, published: number | null): string {
  if (published === null) return `version ${latest}`;
  return published === latest ? `version ${latest}, published` : `version ${published} published, ${latest} a draft`;
}

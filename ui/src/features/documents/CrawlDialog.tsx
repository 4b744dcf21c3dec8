import { Button, Checkbox, Group, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useCrawlSite } from "@/api/documents";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { addressOf } from "@/lib/addresses";
import type { CrawlSiteRequest } from "@/models";
import classes from "./CollectionSettings.module.css";

interface CrawlDialogProps {
  collectionId: string;
  opened: boolean;
  onClose: () => void;
}

/** Asks where a walk through a web site begins, and how far it may go. */
export function CrawlDialog({ collectionId, opened, onClose }: CrawlDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={<Text fw={600}>Crawl a site</Text>}>
      <CrawlForm collectionId={collectionId} onClose={onClose} />
    </Dialog>
  );
}

type Scope = NonNullable<CrawlSiteRequest["scope"]>;

const SCOPES: { value: Scope; label: string }[] = [
  { value: "host", label: "The whole host" },
  { value: "path", label: "What lies below the address" },
  { value: "subdomains", label: "The host and its subdomains" },
];

// The form lives only while the dialog is open, so that each opening begins anew.
function CrawlForm({ collectionId, onClose }: Omit<CrawlDialogProps, "opened">) {
  const navigate = useNavigate();
  const crawl = useCrawlSite();
  const [text, setText] = useState("");
  const [scope, setScope] = useState<Scope>("host");
  const [depth, setDepth] = useState<number | string>(3);
  const [pages, setPages] = useState<number | string>(500);
  const [rate, setRate] = useState<number | string>(2);
  const [robots, setRobots] = useState(true);
  const url = addressOf(text.trim());
  const complete = typeof depth === "number" && typeof pages === "number" && typeof rate === "number";

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (url === null || !complete) return;
    const request = { url, collection_id: collectionId, scope, depth, max_pages: pages, rate, robots };
    crawl.mutate(request, { onSuccess: ({ run_id }) => void navigate(`/runs/${run_id}`) });
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Begins at"
          placeholder="https://example.org/handbook/"
          maxLength={2000}
          value={text}
          error={text.trim() !== "" && url === null ? "This is no address of the web." : null}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label="Stays in"
          data={SCOPES}
          value={scope}
          allowDeselect={false}
          onChange={(next) => next && setScope(next)}
        />
        <div className={classes.pair}>
          <NumberInput label="Links deep" min={0} max={50} allowDecimal={false} value={depth} onChange={setDepth} />
          <NumberInput
            label="Most pages"
            min={1}
            max={20_000}
            allowDecimal={false}
            thousandSeparator=","
            value={pages}
            onChange={setPages}
          />
          <NumberInput label="Pages a second" min={0.01} max={50} value={rate} onChange={setRate} />
        </div>
        <Checkbox
          label="Obey robots.txt"
          description="What the site asks of those who crawl it."
          checked={robots}
          onChange={(event) => setRobots(event.currentTarget.checked)}
        />
        {crawl.error ? <Failure fault={crawl.error} /> : null}
      </Stack>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={crawl.isPending} disabled={url === null || !complete}>
          Crawl
        </Button>
      </Group>
    </form>
  );
}

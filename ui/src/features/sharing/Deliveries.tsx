import { Loader, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useDeliveries } from "@/api/triggers";
import { Failure } from "@/components/Failure";
import { RunStatusDot } from "@/components/RunStatusDot";
import { StatusDot } from "@/components/StatusDot";
import { formatAgo } from "@/lib/format";
import type { DeliveriesRequest, Delivery } from "@/models";
import classes from "./Sharing.module.css";

/** What came of the last times that a schedule or a webhook was to start a run, asked for once it is unfolded. */
export function Deliveries({ of }: { of: Pick<DeliveriesRequest, "schedule_id" | "webhook_id"> }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={classes.more} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Last deliveries</summary>
      {open ? <DeliveryList of={of} /> : null}
    </details>
  );
}

function DeliveryList({ of }: { of: Pick<DeliveriesRequest, "schedule_id" | "webhook_id"> }) {
  const { data, error, refetch } = useDeliveries(of);
  if (error) return <Failure fault={error} onRetry={() => void refetch()} />;
  if (!data) return <Loader size="xs" aria-label="Loading" />;
  if (data.length === 0)
    return (
      <Text size="sm" c="dimmed">
        It has not started a run yet.
      </Text>
    );
  return (
    <ol className={classes.deliveries} aria-label="Last deliveries">
      {data.map((delivery, place) => (
        <li key={`${delivery.at} ${place}`}>
          <DeliveryLine delivery={delivery} />
        </li>
      ))}
    </ol>
  );
}

function DeliveryLine({ delivery: { at, run_id, status, error } }: { delivery: Delivery }) {
  return (
    <>
      <span className={classes.when} title={new Date(at).toLocaleString()}>
        {formatAgo(at)}
      </span>
      {error ? (
        <span className={classes.refused}>
          <StatusDot tone="bad">Refused</StatusDot>
          <span>{error.message}</span>
        </span>
      ) : status ? (
        <RunStatusDot status={status} />
      ) : (
        <StatusDot tone="idle">Gone</StatusDot>
      )}
      {run_id ? (
        <Link to={`/runs/${run_id}`} className={classes.link}>
          Run
        </Link>
      ) : null}
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import type { CreateScheduleRequest, CreateWebhookRequest, DeliveriesRequest, ModifyScheduleRequest } from "@/models";
import { call } from "./client";
import { useChange } from "./useChange";

const triggersKey = (toolchainId: string) => ["triggers", toolchainId];
// What starts by itself is seen without a click.
const LOOK_MS = 10_000;

export function useSchedules(toolchainId: string) {
  return useQuery({
    queryKey: [...triggersKey(toolchainId), "schedules"],
    queryFn: ({ signal }) => call("fetch_schedules", { toolchain_id: toolchainId }, signal),
    select: ({ schedules }) => schedules,
    refetchInterval: LOOK_MS,
  });
}

export function useWebhooks(toolchainId: string) {
  return useQuery({
    queryKey: [...triggersKey(toolchainId), "webhooks"],
    queryFn: ({ signal }) => call("fetch_webhooks", { toolchain_id: toolchainId }, signal),
    select: ({ webhooks }) => webhooks,
    refetchInterval: LOOK_MS,
  });
}

/** What came of the last times of a schedule or a webhook, newest first. */
export function useDeliveries(of: Pick<DeliveriesRequest, "schedule_id" | "webhook_id">) {
  return useQuery({
    queryKey: ["deliveries", of],
    queryFn: ({ signal }) => call("fetch_deliveries", { ...of, limit: 10 }, signal),
    select: ({ deliveries }) => deliveries,
    refetchInterval: LOOK_MS,
  });
}

export function useCreateSchedule(toolchainId: string) {
  return useChange((body: CreateScheduleRequest) => call("create_schedule", body), triggersKey(toolchainId));
}

export function useModifySchedule(toolchainId: string) {
  return useChange((body: ModifyScheduleRequest) => call("modify_schedule", body), triggersKey(toolchainId));
}

export function useDeleteSchedule(toolchainId: string) {
  return useChange((schedule_id: string) => call("delete_schedule", { schedule_id }), triggersKey(toolchainId));
}

/** The result holds the secret, which is shown this once. */
export function useCreateWebhook(toolchainId: string) {
  return useChange((body: CreateWebhookRequest) => call("create_webhook", body), triggersKey(toolchainId));
}

export function useDeleteWebhook(toolchainId: string) {
  return useChange((webhook_id: string) => call("delete_webhook", { webhook_id }), triggersKey(toolchainId));
}

/** A toolchain's schemas, typed clients and a call with curl. */
export function useToolchainInterface(toolchainId: string, version: number | null) {
  return useQuery({
    queryKey: ["toolchain", toolchainId, "interface", version],
    queryFn: ({ signal }) => call("fetch_toolchain_interface", { toolchain_id: toolchainId, version }, signal),
  });
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CreateApiKeyRequest } from "@/models";
import { call } from "./client";

const API_KEYS = ["api-keys"];

export function useApiKeys() {
  return useQuery({
    queryKey: API_KEYS,
    queryFn: ({ signal }) => call("fetch_api_keys", {}, signal),
    select: (result) => result.api_keys,
  });
}

export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateApiKeyRequest) => call("create_api_key", body),
    onSuccess: () => client.invalidateQueries({ queryKey: API_KEYS }),
  });
}

export function useDeleteApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (apiKeyId: string) => call("delete_api_key", { api_key_id: apiKeyId }),
    onSuccess: () => client.invalidateQueries({ queryKey: API_KEYS }),
  });
}

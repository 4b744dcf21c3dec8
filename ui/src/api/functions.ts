import type * as m from "@/models";

/** Every function of POST /api/<name> that the interface calls: `[request, result]`. */
export interface Functions {
  add_user: [m.Credentials, m.User];
  login: [m.LoginRequest, m.LoginResult];
  create_api_key: [m.CreateApiKeyRequest, m.CreateApiKeyResult];
  fetch_api_keys: [m.Empty, m.ApiKeyList];
  delete_api_key: [m.ApiKeyReference, m.Empty];

  create_document_collection: [m.CreateCollectionRequest, m.Collection];
  fetch_all_collections: [m.Empty, m.CollectionList];
  fetch_collection: [m.CollectionReference, m.Collection];
  modify_document_collection: [m.ModifyCollectionRequest, m.Collection];
  delete_document_collection: [m.CollectionReference, m.Empty];
  reindex_collection: [m.ReindexRequest, m.ReindexResult];

  fetch_document: [m.DocumentReference, m.Document];
  fetch_collection_documents: [m.CollectionDocumentsRequest, m.DocumentList];
  fetch_document_counts: [m.CollectionReference, m.DocumentCounts];
  delete_document: [m.DocumentReference, m.Empty];
  retry_document: [m.DocumentReference, m.RetriedDocuments];
  retry_failed_documents: [m.CollectionReference, m.RetriedDocuments];
  ingest_url: [m.IngestUrlRequest, m.UploadResult];
  crawl_site: [m.CrawlSiteRequest, m.StartedRun];
  fetch_document_page: [m.DocumentPageRequest, m.DocumentPage];
  fetch_document_chunks: [m.DocumentChunksRequest, m.DocumentChunks];

  search_bm25: [m.SearchRequest, m.SearchResult];
  search_dense: [m.SearchRequest, m.SearchResult];
  search_hybrid: [m.SearchRequest, m.SearchResult];

  create_conversation: [m.CreateConversationRequest, m.Conversation];
  fetch_conversations: [m.ConversationsRequest, m.ConversationList];
  fetch_conversation: [m.ConversationRequest, m.ConversationWithMessages];
  modify_conversation: [m.ModifyConversationRequest, m.Conversation];
  delete_conversation: [m.ConversationReference, m.Empty];

  fetch_models: [m.Empty, m.ModelList];
  load_model: [m.ModelReference, m.Model];
  unload_model: [m.ModelReference, m.Model];
  fetch_memory: [m.Empty, m.Memory];
  modify_model: [m.ModelChange, m.Model];
  add_model: [m.ModelEntry, m.Model];
  remove_model: [m.ModelReference, m.ModelRemoved];
  pull_model: [m.PullOrder, m.Pull];
  fetch_pulls: [m.Empty, m.PullList];
  cancel_pull: [m.PullReference, m.Pull];
  fetch_model_logs: [m.ModelLogRequest, m.ModelLog];

  set_provider: [m.SetProviderRequest, m.Provider];
  fetch_providers: [m.Empty, m.ProviderList];
  delete_provider: [m.ProviderReference, m.Empty];
  set_model_route: [m.ModelRoute, m.ModelRoute];
  fetch_model_routes: [m.Empty, m.ModelRouteList];
  delete_model_route: [m.ModelRouteReference, m.Empty];
  set_limits: [m.UsageLimit, m.UsageLimit];
  fetch_limits: [m.Empty, m.UsageLimitList];
  fetch_usage: [m.FetchUsageRequest, m.UsageReport];

  get_available_toolchains: [m.Empty, m.ToolchainList];
  fetch_toolchain: [m.ToolchainReference, m.StoredToolchain];
  save_toolchain: [m.SaveToolchainRequest, m.SaveToolchainResult];
  import_toolchain: [m.ToolchainRequest, m.ImportToolchainResult];
  delete_toolchain: [m.ToolchainReference, m.Empty];
  validate_toolchain: [m.ToolchainRequest, m.ValidateToolchainResult];
  fetch_toolchain_versions: [m.ToolchainVersionsRequest, m.ToolchainVersionList];
  publish_toolchain: [m.PublishToolchainRequest, m.PublishedToolchain];
  roll_back_toolchain: [m.RollBackToolchainRequest, m.PublishedToolchain];
  fetch_toolchain_use: [m.ToolchainUseRequest, m.ToolchainUse];
  save_draft: [m.SaveDraftRequest, m.SavedDraft];
  fetch_drafts: [m.DraftsRequest, m.DraftList];
  fetch_draft: [m.DraftReference, m.Draft];
  delete_draft: [m.DraftReference, m.Empty];
  diff_toolchain_versions: [m.DiffToolchainVersionsRequest, m.ToolchainDifferences];
  fetch_toolchain_interface: [m.ToolchainReference, m.ToolchainInterface];

  test_toolchain: [m.RunCasesRequest, m.CaseRun];
  fetch_case_run: [m.CaseRunReference, m.CaseRun];
  fetch_case_table: [m.CaseTableRequest, m.CaseTable];

  create_schedule: [m.CreateScheduleRequest, m.Schedule];
  fetch_schedules: [m.TriggersRequest, m.ScheduleList];
  modify_schedule: [m.ModifyScheduleRequest, m.Schedule];
  delete_schedule: [m.ScheduleReference, m.Empty];
  create_webhook: [m.CreateWebhookRequest, m.CreateWebhookResult];
  fetch_webhooks: [m.TriggersRequest, m.WebhookList];
  delete_webhook: [m.WebhookReference, m.Empty];
  fetch_deliveries: [m.DeliveriesRequest, m.DeliveryList];

  run_node: [m.RunNodeRequest, m.RunToolchainResult];
  run_toolchain: [m.RunToolchainRequest, m.RunToolchainResult];
  fetch_run: [m.RunReference, m.RunDetail];
  fetch_runs: [m.RunsRequest, m.RunList];
  cancel_run: [m.RunReference, m.Run];
  retry_run: [m.RunReference, m.Run];
  resume_run: [m.ResumeRunRequest, m.RunToolchainResult];
  fork_run: [m.ForkRunRequest, m.RunToolchainResult];
  fetch_run_state: [m.RunStateRequest, m.RunState];
  fetch_run_step: [m.RunStepRequest, m.RunStep];
  fetch_run_checkpoints: [m.CheckpointsRequest, m.CheckpointList];
}

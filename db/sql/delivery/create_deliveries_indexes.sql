-- What came of one schedule, and of one webhook.
CREATE INDEX IF NOT EXISTS deliveries_schedule ON deliveries (schedule, id DESC) WHERE schedule IS NOT NULL;
CREATE INDEX IF NOT EXISTS deliveries_webhook ON deliveries (webhook, id DESC) WHERE webhook IS NOT NULL;

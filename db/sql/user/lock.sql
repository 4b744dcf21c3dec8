-- Makes callers that create users wait for each other until the transaction ends, so that only one is the first.
LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE;

-- Names the arrays that other statements take and give, so that a connection asks what they are once and not for each.
SELECT
  NULL::boolean[], NULL::bytea[], NULL::smallint[], NULL::integer[], NULL::bigint[], NULL::float8[], NULL::uuid[],
  NULL::timestamptz[], NULL::interval[], NULL::jsonb[]

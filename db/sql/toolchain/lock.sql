-- Finds or makes the toolchain of this user and id, and holds it until the transaction ends. $1 user id, $2 slug
INSERT INTO toolchains (user_id, slug) VALUES ($1, $2)
ON CONFLICT (user_id, slug) DO UPDATE SET slug = excluded.slug
RETURNING id;

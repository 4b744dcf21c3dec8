-- What came of a schedule of the caller, newest first. $1 user id, $2 uid of the schedule, $3 limit
-- returns: triggers.Delivery
SELECT d.at, d.run::text AS run_id, r.status, d.error
FROM deliveries d JOIN schedules s ON s.id = d.schedule LEFT JOIN runs r ON r.uid = d.run
WHERE s.user_id = $1 AND s.uid = $2 ORDER BY d.id DESC LIMIT $3;

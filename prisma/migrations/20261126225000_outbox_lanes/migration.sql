-- What waits, by when it is due: a claim takes the first few, and looks at none of the thousands behind them.
CREATE INDEX "Outbox_waiting_idx" ON "Outbox"("company", "nextAt") WHERE "status" = 'waiting';
-- What of a lane is not finished, the first of it first.
CREATE INDEX "Outbox_unfinished_idx" ON "Outbox"("company", "lane", "id") WHERE "status" IN ('waiting', 'sending');
DROP INDEX "Outbox_company_lane_status_idx";

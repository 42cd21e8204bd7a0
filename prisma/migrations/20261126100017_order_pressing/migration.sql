ALTER TABLE "Order" ADD COLUMN "pressAt" TIMESTAMPTZ(3), ADD COLUMN "pressBy" TEXT;

-- Orders that are open now, as `Pressing` has it: the clock that runs out first, else the appointment. What suspended work
-- waits for is in the journal alone; it is written down with the order's next fact.
UPDATE "Order" o SET "pressAt" = c."dueAt", "pressBy" = c."kind" FROM (
  SELECT DISTINCT ON ("company", "orderId") "company", "orderId", "kind", "dueAt" FROM "OrderClock"
  WHERE "state" IN ('running', 'late') AND "dueAt" IS NOT NULL AND "kind" NOT LIKE 'wait:%'
  ORDER BY "company", "orderId", "dueAt") c
WHERE c."company" = o."company" AND c."orderId" = o."id"
  AND o."state" IN ('new', 'dispatched', 'accepted', 'contacted', 'arrived', 'suspended');
UPDATE "Order" SET "pressAt" = "appointmentFrom", "pressBy" = 'appointment'
WHERE "pressAt" IS NULL AND "appointmentFrom" IS NOT NULL AND "state" IN ('new', 'dispatched', 'accepted', 'contacted', 'arrived');

-- The board: open orders, what is due next first, those of which nothing is known to come last.
CREATE INDEX "Order_board_idx" ON "Order" ("company", (COALESCE("pressAt", 'infinity'::timestamptz)), "id")
WHERE "state" IN ('new', 'dispatched', 'accepted', 'contacted', 'arrived', 'suspended');

-- AlterTable
ALTER TABLE "Order" ADD COLUMN     "category" TEXT,
ADD COLUMN     "completedAt" TIMESTAMPTZ(3),
ADD COLUMN     "dispatchedAt" TIMESTAMPTZ(3),
ADD COLUMN     "key" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "revisitedAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Person" ADD COLUMN     "areas" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "daysOff" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "restDays" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
ADD COLUMN     "skills" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateIndex
CREATE INDEX "Order_company_assigneeId_dispatchedAt_idx" ON "Order"("company", "assigneeId", "dispatchedAt");

-- CreateIndex
CREATE INDEX "Order_company_teamId_completedAt_idx" ON "Order"("company", "teamId", "completedAt");

-- CreateIndex
CREATE INDEX "Order_company_customerPhone_idx" ON "Order"("company", "customerPhone");

-- CreateIndex
CREATE INDEX "Order_company_serial_idx" ON "Order"("company", "serial");

-- Orders that are there already get their times from the journal.
UPDATE "Order" o SET "dispatchedAt" = j."at"
FROM (SELECT "company", "orderId", max("at") AS "at" FROM "Journal" WHERE "fact" = 'dispatched' GROUP BY 1, 2) j
WHERE j."company" = o."company" AND j."orderId" = o."id";

UPDATE "Order" o SET "completedAt" = j."at"
FROM (SELECT "company", "orderId", max("at") AS "at" FROM "Journal" WHERE "fact" IN ('completed', 'emptyRun') GROUP BY 1, 2) j
WHERE j."company" = o."company" AND j."orderId" = o."id" AND o."state" IN ('completed', 'closed');

UPDATE "Order" o SET "revisitedAt" = j."at"
FROM (SELECT "company", "orderId", max("at") AS "at" FROM "Journal" WHERE "fact" = 'revisited' GROUP BY 1, 2) j
WHERE j."company" = o."company" AND j."orderId" = o."id" AND o."state" IN ('completed', 'closed');

UPDATE "Order" o SET "category" = j."body" -> 'order' ->> 'category', "key" = coalesce((j."body" -> 'order' -> 'customer' ->> 'key')::boolean, false)
FROM "Journal" j
WHERE j."company" = o."company" AND j."orderId" = o."id" AND j."fact" = 'created';

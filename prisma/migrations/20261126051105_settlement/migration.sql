-- AlterTable
ALTER TABLE "Order" ADD COLUMN     "credit" JSONB;

-- CreateTable
CREATE TABLE "Employment" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "post" TEXT,
    "from" TEXT NOT NULL,
    "to" TEXT,

    CONSTRAINT "Employment_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "Incident" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "item" TEXT NOT NULL,
    "policy" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "fen" INTEGER NOT NULL,
    "points" DECIMAL(8,2) NOT NULL,
    "effects" JSONB NOT NULL,
    "orderId" UUID,
    "source" TEXT,
    "version" INTEGER NOT NULL,
    "nextLookAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Incident_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "IncidentJournal" (
    "company" TEXT NOT NULL,
    "incidentId" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "fact" TEXT NOT NULL,
    "by" UUID,
    "via" TEXT NOT NULL,
    "words" TEXT,
    "body" JSONB NOT NULL,

    CONSTRAINT "IncidentJournal_pkey" PRIMARY KEY ("company","incidentId","seq")
);

-- CreateTable
CREATE TABLE "PointsEntry" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "month" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "points" DECIMAL(8,2) NOT NULL,
    "policy" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "corrects" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PointsEntry_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "Figure" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "personId" UUID,
    "month" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" DECIMAL(20,6),
    "by" UUID,
    "via" TEXT NOT NULL,
    "words" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Figure_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "Settlement" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "month" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "policy" TEXT NOT NULL,
    "rules" INTEGER NOT NULL,
    "result" JSONB NOT NULL,
    "version" INTEGER NOT NULL,
    "nextLookAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Settlement_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "SettlementJournal" (
    "company" TEXT NOT NULL,
    "settlementId" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "fact" TEXT NOT NULL,
    "by" UUID,
    "via" TEXT NOT NULL,
    "words" TEXT,
    "body" JSONB NOT NULL,

    CONSTRAINT "SettlementJournal_pkey" PRIMARY KEY ("company","settlementId","seq")
);

-- CreateTable
CREATE TABLE "Payslip" (
    "company" TEXT NOT NULL,
    "settlementId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "month" TEXT NOT NULL,
    "net" BIGINT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "Payslip_pkey" PRIMARY KEY ("company","settlementId","personId")
);

-- CreateIndex
CREATE INDEX "Employment_company_teamId_from_idx" ON "Employment"("company", "teamId", "from");

-- CreateIndex
CREATE INDEX "Employment_company_personId_idx" ON "Employment"("company", "personId");

-- CreateIndex
CREATE INDEX "Incident_company_teamId_day_idx" ON "Incident"("company", "teamId", "day");

-- CreateIndex
CREATE INDEX "Incident_company_personId_day_idx" ON "Incident"("company", "personId", "day");

-- CreateIndex
CREATE INDEX "Incident_company_orderId_idx" ON "Incident"("company", "orderId");

-- CreateIndex
CREATE INDEX "Incident_nextLookAt_idx" ON "Incident"("nextLookAt");

-- CreateIndex
CREATE UNIQUE INDEX "Incident_company_code_key" ON "Incident"("company", "code");

-- CreateIndex
CREATE UNIQUE INDEX "Incident_company_source_key" ON "Incident"("company", "source");

-- CreateIndex
CREATE INDEX "PointsEntry_company_teamId_month_idx" ON "PointsEntry"("company", "teamId", "month");

-- CreateIndex
CREATE INDEX "PointsEntry_company_personId_month_idx" ON "PointsEntry"("company", "personId", "month");

-- CreateIndex
CREATE INDEX "Figure_company_teamId_month_idx" ON "Figure"("company", "teamId", "month");

-- CreateIndex
CREATE INDEX "Settlement_nextLookAt_idx" ON "Settlement"("nextLookAt");

-- CreateIndex
CREATE UNIQUE INDEX "Settlement_company_teamId_month_key" ON "Settlement"("company", "teamId", "month");

-- CreateIndex
CREATE INDEX "Payslip_company_personId_month_idx" ON "Payslip"("company", "personId", "month");

-- Whoever is in a team by now has been since he was entered.
INSERT INTO "Employment" ("company", "id", "teamId", "personId", "from")
SELECT DISTINCT ON (m."company", m."teamId", m."personId") m."company", gen_random_uuid(), m."teamId", m."personId",
  to_char(p."createdAt" AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')
FROM "Membership" m JOIN "Person" p ON p."company" = m."company" AND p."id" = m."personId" WHERE p."active";

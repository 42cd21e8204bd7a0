-- DropIndex
DROP INDEX "ShownCard_company_orderId_live_idx";

-- Cards show more than orders from here on.
ALTER TABLE "ShownCard" RENAME COLUMN "orderId" TO "subject";

-- CreateTable
CREATE TABLE "Leave" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "ofId" UUID,
    "type" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "firstDay" TEXT NOT NULL,
    "lastDay" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "platform" TEXT,
    "externalId" TEXT,
    "nextLookAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Leave_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "LeaveJournal" (
    "company" TEXT NOT NULL,
    "leaveId" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "fact" TEXT NOT NULL,
    "by" UUID,
    "via" TEXT NOT NULL,
    "words" TEXT,
    "body" JSONB NOT NULL,

    CONSTRAINT "LeaveJournal_pkey" PRIMARY KEY ("company","leaveId","seq")
);

-- CreateTable
CREATE TABLE "LeaveDay" (
    "company" TEXT NOT NULL,
    "leaveId" UUID NOT NULL,
    "day" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "from" INTEGER NOT NULL,
    "to" INTEGER NOT NULL,
    "share" INTEGER NOT NULL,
    "state" TEXT NOT NULL,

    CONSTRAINT "LeaveDay_pkey" PRIMARY KEY ("company","leaveId","day")
);

-- CreateIndex
CREATE INDEX "Leave_company_personId_lastDay_idx" ON "Leave"("company", "personId", "lastDay");

-- CreateIndex
CREATE INDEX "Leave_company_teamId_state_idx" ON "Leave"("company", "teamId", "state");

-- CreateIndex
CREATE INDEX "Leave_company_ofId_idx" ON "Leave"("company", "ofId");

-- CreateIndex
CREATE INDEX "Leave_nextLookAt_idx" ON "Leave"("nextLookAt");

-- CreateIndex
CREATE UNIQUE INDEX "Leave_company_code_key" ON "Leave"("company", "code");

-- CreateIndex
CREATE UNIQUE INDEX "Leave_company_platform_externalId_key" ON "Leave"("company", "platform", "externalId");

-- CreateIndex
CREATE INDEX "LeaveDay_company_personId_day_idx" ON "LeaveDay"("company", "personId", "day");

-- CreateIndex
CREATE INDEX "LeaveDay_company_teamId_day_idx" ON "LeaveDay"("company", "teamId", "day");

-- CreateIndex
CREATE INDEX "ShownCard_company_subject_live_idx" ON "ShownCard"("company", "subject", "live");

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('technician', 'dispatcher', 'manager');

-- CreateTable
CREATE TABLE "Company" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "wecomCorpId" TEXT,
    "dingtalkCorpId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Company_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Counter" (
    "company" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" INTEGER NOT NULL,

    CONSTRAINT "Counter_pkey" PRIMARY KEY ("company","name")
);

-- CreateTable
CREATE TABLE "Team" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "policy" TEXT NOT NULL DEFAULT 'default',
    "webhookKey" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Team_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "Person" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "mobile" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "Membership" (
    "company" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "role" "Role" NOT NULL,

    CONSTRAINT "Membership_pkey" PRIMARY KEY ("company","teamId","personId","role")
);

-- CreateTable
CREATE TABLE "Identity" (
    "company" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "personId" UUID NOT NULL,
    "boundAt" TIMESTAMPTZ(3) NOT NULL,
    "how" TEXT NOT NULL,

    CONSTRAINT "Identity_pkey" PRIMARY KEY ("company","platform","userId")
);

-- CreateTable
CREATE TABLE "BindCode" (
    "company" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "personId" UUID NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "BindCode_pkey" PRIMARY KEY ("company","code")
);

-- CreateTable
CREATE TABLE "Chat" (
    "company" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "chatId" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "boundAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Chat_pkey" PRIMARY KEY ("company","platform","chatId")
);

-- CreateTable
CREATE TABLE "Order" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "urgent" BOOLEAN NOT NULL,
    "assigneeId" UUID,
    "version" INTEGER NOT NULL,
    "customerName" TEXT NOT NULL,
    "customerPhone" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "zone" TEXT,
    "distanceKm" DECIMAL(8,2),
    "brand" TEXT,
    "model" TEXT,
    "serial" TEXT,
    "fault" TEXT NOT NULL,
    "warranty" TEXT,
    "externalId" TEXT,
    "appointmentFrom" TIMESTAMPTZ(3),
    "appointmentTo" TIMESTAMPTZ(3),
    "charge" DECIMAL(12,2),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Order_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "Journal" (
    "company" TEXT NOT NULL,
    "orderId" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "fact" TEXT NOT NULL,
    "by" UUID,
    "via" TEXT NOT NULL,
    "words" TEXT,
    "body" JSONB NOT NULL,

    CONSTRAINT "Journal_pkey" PRIMARY KEY ("company","orderId","seq")
);

-- CreateTable
CREATE TABLE "OrderClock" (
    "company" TEXT NOT NULL,
    "orderId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "dueAt" TIMESTAMPTZ(3),
    "stoppedAt" TIMESTAMPTZ(3),
    "nextLookAt" TIMESTAMPTZ(3),
    "nextStep" TEXT,

    CONSTRAINT "OrderClock_pkey" PRIMARY KEY ("company","orderId","kind")
);

-- CreateTable
CREATE TABLE "ShownCard" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "orderId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "taskId" TEXT NOT NULL,
    "messageId" TEXT,
    "handle" TEXT,
    "handleExpiresAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL,
    "live" BOOLEAN NOT NULL,
    "sentAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ShownCard_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "Draft" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "chatKey" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "version" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "closedAt" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "Draft_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "Media" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "orderId" UUID,
    "personId" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "mime" TEXT,
    "size" INTEGER,
    "sha256" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" TIMESTAMPTZ(3),
    "error" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "bytes" BYTEA,

    CONSTRAINT "Media_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "Inbox" (
    "company" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" TIMESTAMPTZ(3),
    "event" JSONB NOT NULL,
    "error" TEXT,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,
    "doneAt" TIMESTAMPTZ(3),

    CONSTRAINT "Inbox_pkey" PRIMARY KEY ("company","platform","key")
);

-- CreateTable
CREATE TABLE "Outbox" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "lane" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT,
    "personId" UUID,
    "chatId" TEXT,
    "data" JSONB NOT NULL,
    "dedupeKey" TEXT NOT NULL,
    "coalesce" TEXT,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" TIMESTAMPTZ(3) NOT NULL,
    "notAfter" TIMESTAMPTZ(3),
    "leaseOwner" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "reason" TEXT,
    "messageId" TEXT,
    "sentAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Outbox_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "JobRun" (
    "company" TEXT NOT NULL,
    "job" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "doneAt" TIMESTAMPTZ(3),

    CONSTRAINT "JobRun_pkey" PRIMARY KEY ("company","job","period")
);

-- CreateTable
CREATE TABLE "Lease" (
    "company" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Lease_pkey" PRIMARY KEY ("company","name")
);

-- CreateTable
CREATE TABLE "PlatformToken" (
    "company" TEXT NOT NULL,
    "app" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PlatformToken_pkey" PRIMARY KEY ("company","app")
);

-- CreateTable
CREATE TABLE "Idempotency" (
    "company" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "requestHash" TEXT NOT NULL,
    "status" INTEGER,
    "body" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Idempotency_pkey" PRIMARY KEY ("company","route","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "Company_wecomCorpId_key" ON "Company"("wecomCorpId");

-- CreateIndex
CREATE UNIQUE INDEX "Company_dingtalkCorpId_key" ON "Company"("dingtalkCorpId");

-- CreateIndex
CREATE UNIQUE INDEX "Team_company_name_key" ON "Team"("company", "name");

-- CreateIndex
CREATE INDEX "Person_company_mobile_idx" ON "Person"("company", "mobile");

-- CreateIndex
CREATE UNIQUE INDEX "Person_company_name_key" ON "Person"("company", "name");

-- CreateIndex
CREATE INDEX "Membership_company_personId_idx" ON "Membership"("company", "personId");

-- CreateIndex
CREATE UNIQUE INDEX "Identity_company_platform_personId_key" ON "Identity"("company", "platform", "personId");

-- CreateIndex
CREATE INDEX "Chat_company_teamId_idx" ON "Chat"("company", "teamId");

-- CreateIndex
CREATE INDEX "Order_company_teamId_state_idx" ON "Order"("company", "teamId", "state");

-- CreateIndex
CREATE INDEX "Order_company_assigneeId_state_idx" ON "Order"("company", "assigneeId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "Order_company_code_key" ON "Order"("company", "code");

-- CreateIndex
CREATE UNIQUE INDEX "Order_company_externalId_key" ON "Order"("company", "externalId");

-- CreateIndex
CREATE INDEX "Journal_company_by_at_idx" ON "Journal"("company", "by", "at");

-- CreateIndex
CREATE INDEX "OrderClock_nextLookAt_idx" ON "OrderClock"("nextLookAt");

-- CreateIndex
CREATE INDEX "OrderClock_company_state_dueAt_idx" ON "OrderClock"("company", "state", "dueAt");

-- CreateIndex
CREATE INDEX "ShownCard_company_orderId_live_idx" ON "ShownCard"("company", "orderId", "live");

-- CreateIndex
CREATE UNIQUE INDEX "ShownCard_company_platform_taskId_key" ON "ShownCard"("company", "platform", "taskId");

-- CreateIndex
CREATE INDEX "Draft_company_personId_chatKey_closedAt_idx" ON "Draft"("company", "personId", "chatKey", "closedAt");

-- CreateIndex
CREATE INDEX "Media_state_nextAt_idx" ON "Media"("state", "nextAt");

-- CreateIndex
CREATE INDEX "Media_company_orderId_idx" ON "Media"("company", "orderId");

-- CreateIndex
CREATE INDEX "Inbox_status_nextAt_idx" ON "Inbox"("status", "nextAt");

-- CreateIndex
CREATE INDEX "Outbox_status_nextAt_idx" ON "Outbox"("status", "nextAt");

-- CreateIndex
CREATE INDEX "Outbox_company_lane_status_idx" ON "Outbox"("company", "lane", "status");

-- CreateIndex
CREATE INDEX "Outbox_company_lane_sentAt_idx" ON "Outbox"("company", "lane", "sentAt");

-- CreateIndex
CREATE INDEX "Outbox_company_subject_idx" ON "Outbox"("company", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "Outbox_company_dedupeKey_key" ON "Outbox"("company", "dedupeKey");

-- CreateIndex
CREATE INDEX "Idempotency_createdAt_idx" ON "Idempotency"("createdAt");

-- AddForeignKey
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_company_teamId_fkey" FOREIGN KEY ("company", "teamId") REFERENCES "Team"("company", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_company_personId_fkey" FOREIGN KEY ("company", "personId") REFERENCES "Person"("company", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Identity" ADD CONSTRAINT "Identity_company_personId_fkey" FOREIGN KEY ("company", "personId") REFERENCES "Person"("company", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Chat" ADD CONSTRAINT "Chat_company_teamId_fkey" FOREIGN KEY ("company", "teamId") REFERENCES "Team"("company", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "WebhookEndpoint" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "description" TEXT,
    "teamId" UUID,
    "secret" TEXT NOT NULL,
    "oldSecrets" JSONB NOT NULL DEFAULT '[]',
    "enabled" BOOLEAN NOT NULL,
    "offBecause" TEXT,
    "failingSince" TIMESTAMPTZ(3),
    "lastDeliveredAt" TIMESTAMPTZ(3),
    "restUntil" TIMESTAMPTZ(3),
    "leaseOwner" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "WebhookEndpoint_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "WebhookDelivery" (
    "company" TEXT NOT NULL,
    "endpointId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "subject" UUID,
    "seq" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" TIMESTAMPTZ(3) NOT NULL,
    "attemptedAt" TIMESTAMPTZ(3),
    "status" INTEGER,
    "error" TEXT,
    "answer" TEXT,

    CONSTRAINT "WebhookDelivery_pkey" PRIMARY KEY ("company","endpointId","id")
);

-- CreateIndex
CREATE INDEX "WebhookDelivery_company_endpointId_state_nextAt_idx" ON "WebhookDelivery"("company", "endpointId", "state", "nextAt");

-- CreateTable
CREATE TABLE "Session" (
    "company" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "personId" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "userAgent" TEXT NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("company","tokenHash")
);

-- CreateTable
CREATE TABLE "UsedState" (
    "company" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "UsedState_pkey" PRIMARY KEY ("company","hash")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "personId" UUID,
    "via" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "ip" TEXT NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("company","id")
);

-- CreateIndex
CREATE INDEX "Session_company_personId_idx" ON "Session"("company", "personId");

-- CreateIndex
CREATE INDEX "Session_company_expiresAt_idx" ON "Session"("company", "expiresAt");

-- CreateIndex
CREATE INDEX "UsedState_company_expiresAt_idx" ON "UsedState"("company", "expiresAt");

-- CreateIndex
CREATE INDEX "AuditEntry_company_at_idx" ON "AuditEntry"("company", "at");

-- CreateIndex
CREATE INDEX "AuditEntry_company_personId_at_idx" ON "AuditEntry"("company", "personId", "at");

-- CreateIndex
CREATE INDEX "AuditEntry_company_subject_at_idx" ON "AuditEntry"("company", "subject", "at");

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_company_personId_fkey" FOREIGN KEY ("company", "personId") REFERENCES "Person"("company", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "Import" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "teamId" UUID,
    "month" TEXT,
    "state" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "fileName" TEXT,
    "total" INTEGER NOT NULL,
    "good" INTEGER NOT NULL,
    "known" INTEGER NOT NULL,
    "faults" JSONB NOT NULL,
    "badRows" INTEGER[],
    "warnings" JSONB NOT NULL,
    "notes" JSONB NOT NULL,
    "sample" JSONB NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "result" JSONB,
    "by" UUID,
    "via" TEXT NOT NULL,
    "token" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "importedAt" TIMESTAMPTZ(3),
    "nextAt" TIMESTAMPTZ(3),

    CONSTRAINT "Import_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "ImportPart" (
    "company" TEXT NOT NULL,
    "importId" UUID NOT NULL,
    "part" INTEGER NOT NULL,
    "rows" JSONB NOT NULL,

    CONSTRAINT "ImportPart_pkey" PRIMARY KEY ("company","importId","part")
);

-- CreateIndex
CREATE INDEX "Import_company_hash_idx" ON "Import"("company", "hash");

-- CreateIndex
CREATE INDEX "Import_company_nextAt_idx" ON "Import"("company", "nextAt");

-- AddForeignKey
ALTER TABLE "ImportPart" ADD CONSTRAINT "ImportPart_company_importId_fkey" FOREIGN KEY ("company", "importId") REFERENCES "Import"("company", "id") ON DELETE CASCADE ON UPDATE CASCADE;

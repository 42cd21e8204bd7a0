-- CreateTable
CREATE TABLE "ApiToken" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "scopes" TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiToken_pkey" PRIMARY KEY ("company","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_company_digest_key" ON "ApiToken"("company", "digest");

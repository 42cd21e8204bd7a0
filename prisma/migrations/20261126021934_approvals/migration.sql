-- CreateTable
CREATE TABLE "ApprovalTask" (
    "company" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "does" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "compared" BOOLEAN NOT NULL,
    "wanted" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL,
    "nextAt" TIMESTAMPTZ(3) NOT NULL,
    "error" TEXT,

    CONSTRAINT "ApprovalTask_pkey" PRIMARY KEY ("company","platform","does","about")
);

-- CreateIndex
CREATE INDEX "ApprovalTask_company_nextAt_idx" ON "ApprovalTask"("company", "nextAt");

-- CreateTable
CREATE TABLE "PageKey" (
    "company" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PageKey_pkey" PRIMARY KEY ("company")
);

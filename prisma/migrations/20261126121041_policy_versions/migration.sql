-- AlterTable
ALTER TABLE "Settlement" ADD COLUMN     "changes" JSONB;

-- CreateTable
CREATE TABLE "PolicyVersion" (
    "company" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "effective" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "by" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawnAt" TIMESTAMPTZ(3),
    "withdrawnBy" UUID,

    CONSTRAINT "PolicyVersion_pkey" PRIMARY KEY ("company","name","version")
);

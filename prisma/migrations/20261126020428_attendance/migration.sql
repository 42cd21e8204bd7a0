-- CreateTable
CREATE TABLE "AttendanceMark" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "place" TEXT,
    "flags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "by" UUID,
    "words" TEXT,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AttendanceMark_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "AttendanceWatch" (
    "company" TEXT NOT NULL,
    "personId" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "to" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AttendanceWatch_pkey" PRIMARY KEY ("company","personId","platform")
);

-- CreateTable
CREATE TABLE "AttendanceCorrection" (
    "company" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "day" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "minute" INTEGER,
    "reason" TEXT NOT NULL,
    "askedBy" UUID NOT NULL,
    "askedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AttendanceCorrection_pkey" PRIMARY KEY ("company","id")
);

-- CreateTable
CREATE TABLE "AttendanceEvidence" (
    "company" TEXT NOT NULL,
    "correctionId" UUID NOT NULL,
    "mediaId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AttendanceEvidence_pkey" PRIMARY KEY ("company","correctionId","mediaId")
);

-- CreateTable
CREATE TABLE "AttendanceRuling" (
    "company" TEXT NOT NULL,
    "correctionId" UUID NOT NULL,
    "allowed" BOOLEAN NOT NULL,
    "by" UUID NOT NULL,
    "words" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AttendanceRuling_pkey" PRIMARY KEY ("company","correctionId")
);

-- CreateIndex
CREATE INDEX "AttendanceMark_company_personId_at_idx" ON "AttendanceMark"("company", "personId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "AttendanceMark_company_source_externalId_key" ON "AttendanceMark"("company", "source", "externalId");

-- CreateIndex
CREATE INDEX "AttendanceCorrection_company_personId_day_idx" ON "AttendanceCorrection"("company", "personId", "day");

-- CreateIndex
CREATE INDEX "AttendanceCorrection_company_teamId_askedAt_idx" ON "AttendanceCorrection"("company", "teamId", "askedAt");

-- AlterTable
ALTER TABLE "Person" ADD COLUMN     "platform" TEXT;

-- CreateTable
CREATE TABLE "GroupRobot" (
    "company" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "secret" TEXT,

    CONSTRAINT "GroupRobot_pkey" PRIMARY KEY ("company","teamId","platform")
);

-- CreateIndex
CREATE INDEX "ShownCard_company_platform_messageId_idx" ON "ShownCard"("company", "platform", "messageId");

-- AddForeignKey
ALTER TABLE "GroupRobot" ADD CONSTRAINT "GroupRobot_company_teamId_fkey" FOREIGN KEY ("company", "teamId") REFERENCES "Team"("company", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A team's only robot was WeCom's: it moves to the table that knows several platforms.
INSERT INTO "GroupRobot" ("company", "teamId", "platform", "key")
SELECT "company", "id", 'wecom', "webhookKey" FROM "Team" WHERE "webhookKey" IS NOT NULL;

-- AlterTable
ALTER TABLE "Team" DROP COLUMN "webhookKey";

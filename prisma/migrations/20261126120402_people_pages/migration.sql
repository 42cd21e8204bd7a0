-- AlterTable
ALTER TABLE "Person" ADD COLUMN     "unboundOn" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateIndex
CREATE INDEX "AuditEntry_company_action_at_idx" ON "AuditEntry"("company", "action", "at");

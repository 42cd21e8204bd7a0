-- AlterTable
ALTER TABLE "Order" ADD COLUMN     "erased" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Person" ADD COLUMN     "erasedAt" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "Order_company_teamId_erased_closedAt_idx" ON "Order"("company", "teamId", "erased", "closedAt");

-- CreateIndex
CREATE INDEX "Order_company_updatedAt_idx" ON "Order"("company", "updatedAt");

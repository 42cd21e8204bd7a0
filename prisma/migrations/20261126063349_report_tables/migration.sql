-- AlterTable
ALTER TABLE "Settlement" ADD COLUMN     "tables" JSONB;

-- Complaints of a month are looked for by when they came in. Only they are in it, so that no other order costs anything;
-- schema.prisma has no word for that.
CREATE INDEX "Order_complaint_idx" ON "Order"("company", "teamId", "createdAt") WHERE "kind" = 'complaint';

-- Rows from before are taken as entered when this runs: a draft that stands then is reckoned once more.
ALTER TABLE "Employment" ADD COLUMN "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "Employment" ALTER COLUMN "at" DROP DEFAULT;

-- CreateTable
CREATE TABLE "PointsBook" (
    "company" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "month" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "total" DECIMAL(10,2) NOT NULL,

    CONSTRAINT "PointsBook_pkey" PRIMARY KEY ("company","teamId","month","personId")
);

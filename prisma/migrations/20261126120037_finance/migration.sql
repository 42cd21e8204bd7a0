-- AlterEnum
ALTER TYPE "Role" ADD VALUE 'finance';

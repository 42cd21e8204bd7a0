-- Who goes along with whom (加派) is looked up by the person. Only such facts are in it, so that no other costs anything;
-- schema.prisma has no word for that.
CREATE INDEX "Journal_joined_idx" ON "Journal"("company", ("body"->>'person')) WHERE "fact" = 'joined';

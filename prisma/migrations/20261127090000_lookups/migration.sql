-- What a person said earlier and is not finished: looked for before each thing he says is taken up.
CREATE INDEX "Inbox_unfinished_idx" ON "Inbox"("company", "platform", (("event"->'sender'->>'userId')), "receivedAt") WHERE "status" = 'new';
-- A person's accounts, for each message to him.
CREATE INDEX "Identity_company_personId_idx" ON "Identity"("company", "personId");

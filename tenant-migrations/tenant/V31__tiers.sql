-- For the user: contacts have a tier, bronze to platinum, which somebody gives them.
-- Safe while old code runs: a nullable column that it does not know.
alter table contacts add column tier text;
alter table contacts add constraint contacts_tier_check check (tier in ('bronze', 'silver', 'gold', 'platinum'));
create index contacts_tier_idx on contacts (tier, created_at, id) where deleted_at is null and tier is not null;

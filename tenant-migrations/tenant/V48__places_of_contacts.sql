-- For the user: contacts are listed by country and city, by language, and by the campaign that brought them.
-- Safe while old code runs: indexes, which it keeps up without knowing.

-- In the order in which lists come. Only of contacts of whom it is known, so that the others cost nothing.
create index contacts_country_idx on contacts ((address ->> 'country'), created_at, id)
  where deleted_at is null and (address ->> 'country') is not null;
create index contacts_city_idx on contacts ((shared.fold(address ->> 'city') collate "C"), created_at, id)
  where deleted_at is null and (address ->> 'city') is not null;
create index contacts_language_idx on contacts (language, created_at, id) where deleted_at is null and language is not null;
create index contacts_campaign_idx on contacts ((first_touch -> 'utm' ->> 'campaign'), created_at, id)
  where deleted_at is null and (first_touch -> 'utm' ->> 'campaign') is not null;

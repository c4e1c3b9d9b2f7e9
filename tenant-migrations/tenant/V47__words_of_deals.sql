-- For the user: deals are found at once by the names of their company and people, however many there are.
-- Safe while old code runs: it looks in more places than it has to. What it writes meanwhile is found by the deal's own words until
-- the deal, its company or one of its people changes.
update deals d set search = w.words from (
  select o.id, shared.fold(concat_ws(' ', '', o.title, o.source, o.next_step))
    || coalesce((select co.search from companies co where co.id = o.company_id and co.deleted_at is null), '')
    || coalesce((select string_agg(c.search, '' order by dc.position, c.id) from deal_contacts dc
         join contacts c on c.id = dc.contact_id where dc.deal_id = o.id and c.deleted_at is null), '') as words
  from deals o) w
where d.id = w.id and d.search <> w.words;

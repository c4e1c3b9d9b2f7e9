-- As many notes as contacts of one tenant that has contacts already, as the verbs would have written them: some words in every
-- third, some in a few, and a number that one note has alone.
insert into notes (id, contact_id, author_id, body, created_at, updated_at, search)
select gen_random_uuid(), c.id, ('00000000-0000-7000-8000-' || lpad((c.n % 25)::text, 12, '0'))::uuid, t.body, t.at, t.at, ' ' || fold(t.body)
from (select row_number() over (order by id) as n, id from contacts) c,
lateral (select concat_ws(' ',
    (array['Called about', 'Wrote about', 'Met about'])[1 + c.n % 3],
    (array['the invoice', 'the delivery', 'a second quote', 'the kitchen fitting', 'opening hours', 'the service contract', 'a broken boiler'])[1 + c.n * 31 % 7],
    'and', (array['wants an answer', 'asks for a discount', 'is happy', 'will call back', 'needs the manual'])[1 + c.n * 17 % 5],
    case when c.n % 997 = 0 then 'before the trade fair in Lisbon' end, 'ref', c.n) as body,
  now() - (c.n * 29::bigint % 525600) * interval '1 minute' as at) t;
analyze notes;

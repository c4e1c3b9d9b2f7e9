-- Contacts of one tenant, as the verbs would have written them, spread over stages, sources, owners, tags and a year. No name decides
-- the other or the company.
with people as (
  select n, gen_random_uuid() as id,
    (array['Anna', 'Björn', 'Chloé', 'Dmitri', 'Elif', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Keiko', 'Luca',
           'Mira', 'Noah', 'Olga', 'Priya', 'Quentin', 'Rosa', 'Sven', 'Tara'])[1 + (n % 20 * 7919) % 20] as first_name,
    (array['Adler', 'Brandt', 'Castillo', 'Dupont', 'Eriksen', 'Ferrari', 'Gupta', 'Haddad', 'Ivanov', 'Jansen', 'Kowalski',
           'Lefèvre', 'Moreau', 'Novak', 'Okafor', 'Petrov', 'Quinn', 'Raman', 'Silva', 'Tanaka'])[1 + (n / 20) % 20]
      || case when n >= 400 then ' ' || n else '' end as last_name,
    (array['Kestrel Cycles', 'Harbour Physio', 'Northlight Studio', 'Lantern Ferries', 'Willow Dental'])[1 + (n / 400) % 5] as company,
    (array['new', 'new', 'new', 'contacted', 'contacted', 'qualified', 'proposal', 'negotiation', 'won', 'lost'])[1 + (n * 31) % 10] as stage,
    (array['website', 'import', 'referral', 'phone', null])[1 + (n * 17) % 5] as source,
    ('00000000-0000-7000-8000-' || lpad((n % 25)::text, 12, '0'))::uuid as owner_id,
    case when n % 3 = 0 then array['newsletter'] when n % 100 = 1 then array['vip', 'newsletter'] else array[]::text[] end as tags,
    'person' || n || '@example' || n % 50 || '.com' as email,
    '+4420' || lpad((79460000 + n)::text, 8, '0') as phone,
    now() - (n * 53 % 525600) * interval '1 minute' as created_at
  from generate_series(1, current_setting('bench.count')::int) as n),
emails as (
  insert into contact_emails (contact_id, position, kind, address, canonical) select id, 0, 'work', email, email from people),
phones as (
  insert into contact_phones (contact_id, position, kind, number, e164, canonical)
  select id, 0, 'mobile', phone, phone, phone from people)
insert into contacts (id, display_name, first_name, last_name, company_name, stage, owner_id, tags, source, name_key, email,
  phone, search, created_at, updated_at)
select id, first_name || ' ' || last_name, first_name, last_name, company, stage, owner_id, tags, source,
  fold(first_name || ' ' || last_name), email, phone,
  fold(' ' || first_name || ' ' || last_name || ' ' || company || ' ' || email || ' ' || phone), created_at, created_at
from people;
analyze contacts;
analyze contact_emails;
analyze contact_phones;

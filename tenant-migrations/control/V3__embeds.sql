-- For the user: widgets on client websites, the websites they may live on, and where they were seen.
-- Safe while old code runs: only new objects; triggers on existing tables only write the new ones.

-- How a tenant looks to its members and visitors. A client without a row looks like its agency.
create table control.brands (
    tenant_id uuid not null constraint brands_pkey primary key
        constraint brands_tenant_fkey references control.tenants (id) on delete cascade,
    name text not null default '',
    logo_url text,
    colors jsonb not null default '{}',
    legal_links jsonb not null default '[]',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    version bigint not null default 1
);

-- A widget is what a visitor sees: one published resource of one tenant under a public id.
create table control.widgets (
    id text not null constraint widgets_pkey primary key
        constraint widgets_id_format check (id ~ '^w_[0-9a-hjkmnp-tv-z]{16}$'),
    tenant_id uuid not null constraint widgets_tenant_fkey references control.tenants (id) on delete cascade,
    kind text not null constraint widgets_kind check (kind in ('form')),
    resource_id uuid not null,
    name text not null,
    enabled boolean not null default true,
    config jsonb not null default '{}',
    config_rev bigint not null default 1,
    hosted_url text,
    cross_origin_isolated boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    version bigint not null default 1,
    constraint widgets_resource_unique unique (tenant_id, kind, resource_id)
);

-- Where widgets may live. No widget_id: every widget of the tenant. An empty list means: nowhere.
create table control.embed_origins (
    id uuid not null constraint embed_origins_pkey primary key,
    tenant_id uuid not null constraint embed_origins_tenant_fkey references control.tenants (id) on delete cascade,
    widget_id text constraint embed_origins_widget_fkey references control.widgets (id) on delete cascade,
    kind text not null constraint embed_origins_kind check (kind in ('exact', 'wildcard', 'ancestor_only')),
    origin text not null
        constraint embed_origins_origin_characters check (origin ~ '^https?://(\*\.)?[][a-z0-9.:-]+$' and length(origin) <= 300),
    enabled boolean not null default true,
    created_at timestamptz not null default now(),
    version bigint not null default 1,
    constraint embed_origins_entry_unique unique nulls not distinct (tenant_id, widget_id, kind, origin)
);
create index embed_origins_widget on control.embed_origins (widget_id) where widget_id is not null;

-- One revision per tenant, raised by every change an edge must hear of.
create sequence control.embed_rev;
create table control.embed_sites (
    tenant_id uuid not null constraint embed_sites_pkey primary key
        constraint embed_sites_tenant_fkey references control.tenants (id) on delete cascade,
    rev bigint not null
);
create index embed_sites_rev on control.embed_sites (rev);

-- Root keys of the embed tokens, sealed with the platform's master key under the context 'embed-key:<kid>'.
create table control.embed_keys (
    kid smallint not null constraint embed_keys_pkey primary key
        constraint embed_keys_kid check (kid between 1 and 255),
    sealed bytea not null,
    state text not null default 'active' constraint embed_keys_state check (state in ('active', 'retired', 'revoked')),
    created_at timestamptz not null default now()
);

-- How often a widget was shown or refused where, a row a day.
create table control.embed_sightings (
    tenant_id uuid not null constraint embed_sightings_tenant_fkey references control.tenants (id) on delete cascade,
    widget_id text not null constraint embed_sightings_widget_fkey references control.widgets (id) on delete cascade,
    origin text not null,
    outcome text not null constraint embed_sightings_outcome check (outcome in ('seen', 'refused')),
    day date not null,
    count bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    constraint embed_sightings_pkey primary key (widget_id, origin, outcome, day)
);
create index embed_sightings_tenant on control.embed_sightings (tenant_id, day);

-- Raises the revision of these tenants and tells every edge. NOTIFY takes a database-wide lock at commit, so only rare
-- configuration writes come here, never a visitor's. Runs as its owner: who may change a widget needs no right on revisions.
create function control.embed_touch(tenants uuid[]) returns void
language sql security definer set search_path = '' as $$
    with touched as (
        insert into control.embed_sites as s (tenant_id, rev)
        select t.id, nextval('control.embed_rev')
        from control.tenants t
        where t.id = any (tenants)
        -- The same order everywhere, so that two such writes wait for each other instead of deadlocking.
        order by t.id
        on conflict (tenant_id) do update set rev = nextval('control.embed_rev')
        returning s.tenant_id, s.rev
    )
    select pg_notify('embed_cfg', news.tenant_id || ':' || news.rev) from (
        select touched.tenant_id, touched.rev from touched
        union all
        -- A tenant deleted outright keeps no row, but edges must still hear that its widgets are gone.
        select gone.id, nextval('control.embed_rev') from unnest(tenants) as gone (id)
        where not exists (select 1 from control.tenants t where t.id = gone.id)
    ) news;
$$;
revoke all on function control.embed_touch(uuid[]) from public;

create function control.embed_touch_inserted() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform control.embed_touch(array(select distinct tenant_id from new_rows));
    return null;
end $$;

create function control.embed_touch_updated() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform control.embed_touch(array(select tenant_id from new_rows union select tenant_id from old_rows));
    return null;
end $$;

create function control.embed_touch_deleted() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform control.embed_touch(array(select distinct tenant_id from old_rows));
    return null;
end $$;

-- Tenants change for many reasons; an edge cares about state, name and agency (for the look), and only when there is a widget.
create function control.embed_touch_tenants() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform control.embed_touch(array(
        select n.id from new_rows n join old_rows o on o.id = n.id
        where (n.state, n.name, n.parent_id) is distinct from (o.state, o.name, o.parent_id)
          and exists (select 1 from control.widgets w where w.tenant_id = n.id)
    ));
    return null;
end $$;

-- A look is the tenant's own and its clients'; only those with a widget are told.
create function control.embed_touch_brands() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform control.embed_touch(array(
        select t.id from control.tenants t
        where (t.id in (select tenant_id from new_rows) or t.parent_id in (select tenant_id from new_rows))
          and exists (select 1 from control.widgets w where w.tenant_id = t.id)
    ));
    return null;
end $$;

create function control.embed_touch_keys() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform pg_notify('embed_cfg', 'keys');
    return null;
end $$;

create trigger widgets_embed_insert after insert on control.widgets
    referencing new table as new_rows for each statement execute function control.embed_touch_inserted();
create trigger widgets_embed_update after update on control.widgets
    referencing new table as new_rows old table as old_rows for each statement execute function control.embed_touch_updated();
create trigger widgets_embed_delete after delete on control.widgets
    referencing old table as old_rows for each statement execute function control.embed_touch_deleted();
create trigger embed_origins_embed_insert after insert on control.embed_origins
    referencing new table as new_rows for each statement execute function control.embed_touch_inserted();
create trigger embed_origins_embed_update after update on control.embed_origins
    referencing new table as new_rows old table as old_rows for each statement execute function control.embed_touch_updated();
create trigger embed_origins_embed_delete after delete on control.embed_origins
    referencing old table as old_rows for each statement execute function control.embed_touch_deleted();
create trigger brands_embed_insert after insert on control.brands
    referencing new table as new_rows for each statement execute function control.embed_touch_brands();
create trigger brands_embed_update after update on control.brands
    referencing new table as new_rows for each statement execute function control.embed_touch_brands();
create trigger brands_embed_delete after delete on control.brands
    referencing old table as new_rows for each statement execute function control.embed_touch_brands();
create trigger tenants_embed_update after update on control.tenants
    referencing new table as new_rows old table as old_rows for each statement execute function control.embed_touch_tenants();
create trigger embed_keys_embed after insert or update or delete on control.embed_keys
    for each statement execute function control.embed_touch_keys();

-- What an edge may read, and nothing else.
create view edge.widgets as
    select w.id, w.tenant_id, w.kind, w.enabled, w.config, w.config_rev, w.hosted_url, w.cross_origin_isolated,
           t.state as tenant_state,
           -- A client without a look of its own wears its agency's.
           jsonb_build_object('name', coalesce(nullif(b.name, ''), t.name),
                              'logo_url', coalesce(nullif(b.logo_url, ''), a.logo_url),
                              'colors', coalesce(nullif(b.colors, '{}'), a.colors),
                              'legal_links', coalesce(nullif(b.legal_links, '[]'), a.legal_links)) as brand
    from control.widgets w
    join control.tenants t on t.id = w.tenant_id
    left join control.brands b on b.tenant_id = w.tenant_id
    left join control.brands a on a.tenant_id = t.parent_id;
create view edge.origins as
    select o.tenant_id, o.widget_id, o.kind, o.origin from control.embed_origins o where o.enabled;
create view edge.sites as
    select s.tenant_id, s.rev from control.embed_sites s;
create view edge.keys as
    select k.kid, k.sealed, k.state, k.created_at from control.embed_keys k;

grant select on edge.widgets, edge.origins, edge.sites, edge.keys to upzento_edge;

grant select on edge.widgets, edge.origins, edge.sites, edge.keys to upzento_edge;

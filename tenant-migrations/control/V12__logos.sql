-- For the user: a logo is uploaded where the brand is set, and is shown wherever the brand is.
-- Safe while old code runs: one new table.
create table control.logos (
  id uuid not null,
  tenant_id uuid not null,
  url text not null,
  kind text not null,
  content bytea not null,
  created_at timestamptz not null,
  constraint logos_pkey primary key (id),
  constraint logos_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint logos_kind_check check (kind in ('image/png', 'image/jpeg', 'image/webp')),
  constraint logos_content_check check (octet_length(content) between 1 and 262144)
);
create index logos_tenant_id_idx on control.logos (tenant_id, created_at);

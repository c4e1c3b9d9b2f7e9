-- For the user: the platform's administration sees in how many minutes of the last day, week and month each program was there.
-- Safe while old code runs: a new table.

-- In which minutes of an hour at least one process of a program wrote down that it is there: a bit for each, the first
-- minute the lowest.
create table ops.signs_of_life (
  hour timestamptz not null,
  program text not null,
  minutes bigint not null,
  constraint signs_of_life_pkey primary key (hour, program)
);

grant select, insert, update, delete on ops.signs_of_life to upzento_ops, upzento_control, upzento_admin;

alter table ops.signs_of_life enable row level security;
alter table ops.signs_of_life force row level security;
create policy owner_all on ops.signs_of_life to upzento_owner using (true) with check (true);
create policy ops_all on ops.signs_of_life to upzento_ops using (true) with check (true);
create policy control_all on ops.signs_of_life to upzento_control using (true) with check (true);
create policy admin_all on ops.signs_of_life to upzento_admin using (true) with check (true);

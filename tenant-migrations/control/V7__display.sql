-- For the user: theme and density follow the person to every device.
-- Safe while old code runs: columns with a default.
alter table control.users
  add column theme text not null default 'auto',
  add column density text not null default 'comfortable',
  add constraint users_theme_check check (theme in ('auto', 'dark', 'light')),
  add constraint users_density_check check (density in ('comfortable', 'compact'));

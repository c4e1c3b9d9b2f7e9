-- For the user: everybody chooses for each kind of news whether his devices are told.
-- Safe while old code runs: a column with a default, and a key that old code's rows keep to.

-- Empty: for all kinds of the module. So everything was chosen before there were kinds, and so it stays until a kind is chosen.
alter table control.push_preferences add column kind text not null default '';
alter table control.push_preferences drop constraint push_preferences_pkey;
alter table control.push_preferences add constraint push_preferences_pkey primary key (user_id, tenant_id, module, kind);

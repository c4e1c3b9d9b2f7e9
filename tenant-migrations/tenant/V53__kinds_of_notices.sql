-- For the user: everybody chooses for each kind of news how he is told, and reads it in his own language.
-- Safe while old code runs: columns with a default, and a key that old code's rows keep to. What old code tells meanwhile is said in
-- English; it shows what somebody wants on his devices alone in the app too, for as long as it runs.

-- What stands in the sentence, by name.
alter table notifications add column params jsonb not null default '{}';
-- False: on devices and by e-mail only.
alter table notifications add column shown boolean not null default true;

-- Empty: for all kinds of the module. So everything was chosen before there were kinds, and so it stays until a kind is chosen.
alter table notification_preferences add column kind text not null default '';
alter table notification_preferences drop constraint notification_preferences_pkey;
alter table notification_preferences add constraint notification_preferences_pkey primary key (user_id, module, channel, kind);

alter table digest_lines add column kind text not null default '';
alter table digest_lines add column params jsonb not null default '{}';
-- Written no more; old code reads it of lines that it finds.
alter table digest_lines alter column mail set default '{"heading": "News: {n}", "body": "", "action": "Open"}';

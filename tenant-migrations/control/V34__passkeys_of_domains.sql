-- For the user: whoever signs in at an address of an agency's own has passkeys for that address.
-- Safe while old code runs: a column that may be null. Null: the platform's own address.
alter table control.passkeys add column host text;

-- For the brand: whether the overview begins with a sky. Null: as the agency has it; with the platform there is one.
-- Safe while old code runs: a column that may be null.
alter table control.brands add column sky boolean;

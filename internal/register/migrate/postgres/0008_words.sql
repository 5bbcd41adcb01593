-- SQLite asks here which words begin so; this engine's index needs nothing for it.
select 1;

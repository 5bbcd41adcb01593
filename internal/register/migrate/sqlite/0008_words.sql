-- The words of the index, to ask which of them begin so: FTS5 gathers every row of
-- every such word before it gives the first one. A table of no rows of its own.
create virtual table search_term using fts5vocab (search_index, instance);

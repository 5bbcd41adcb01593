-- The record. Text ids, times in microseconds since 1970 UTC, text JSON,
-- integer booleans: the same columns as on the other engine.

create table meta (
	name  text not null primary key,
	value text not null
) strict, without rowid;

-- One row for each incident, and one ('') for the house's own acts: the place
-- of the last event in its chain and the RFC 6962 hash of its leaf.
create table incident_head (
	incident text    not null primary key,
	ordinal  integer not null unique, -- year × 10⁹ + count; the house is 0
	seq      integer not null,        -- -1: no event yet
	prev     blob    not null
) strict, without rowid;
insert into incident_head (incident, ordinal, seq, prev) values ('', 0, -1, x'');

create table counter (
	name text    not null primary key,
	n    integer not null
) strict, without rowid;

-- What can be proved, and only that. Never changed, never removed.
create table event (
	id       text    not null primary key,
	incident text    not null references incident_head (incident),
	seq      integer not null,
	leaf     blob    not null,
	unique (incident, seq)
) strict;

-- What can be read, and erased.
create table disclosure (
	event  text    not null primary key references event (id),
	at     integer not null,
	act    text    not null,
	noun   text    not null,
	item   text    not null,
	person text    not null,
	claims text,
	open   text
) strict;
create index disclosure_item on disclosure (noun, item, act, person, at);

create table sealed (
	event text not null references event (id),
	class text not null,
	key   blob not null,
	body  blob not null,
	primary key (event, class)
) strict;

create table item (
	incident text    not null,
	noun     text    not null,
	id       text    not null,
	event    text    not null references event (id),
	events   integer not null,
	disposed integer not null,
	primary key (incident, noun, id)
) strict, without rowid;

create table blob (
	exhibit  text    not null primary key,
	incident text    not null,
	id       text    not null unique,
	size     integer not null,
	digest   blob    not null,
	tag      blob    not null
) strict;
create index blob_tag on blob (incident, tag);

create table blob_key (
	exhibit text not null primary key references blob (exhibit),
	key     blob not null
) strict;

-- Events without an index in the current log, in an order that keeps each
-- incident's own.
create table pending (
	n     integer not null primary key,
	event text    not null
) strict;

create table leaf_index (
	log   integer not null,
	idx   integer not null,
	event text references event (id),
	leaf  blob, -- only of a leaf recovered from a mirror, whose event is lost
	primary key (log, idx),
	unique (log, event),
	check ((event is null) <> (leaf is null))
) strict, without rowid;

create table tree_head (
	log  integer not null,
	size integer not null,
	root blob    not null,
	primary key (log, size)
) strict, without rowid;

create table lease (
	name   text    not null primary key,
	holder text    not null, -- '': released
	fence  integer not null,
	until  integer not null,
	ttl    integer not null
) strict, without rowid;

create table journal (
	n        integer not null primary key,
	at       integer not null,
	kind     text    not null,
	person   text    not null,
	office   text    not null,
	incident text    not null,
	detail   text    not null
) strict;

-- The words of open parts. Derived: it can be emptied and made again.
create table search_doc (
	n        integer not null primary key, -- the incident's ordinal × 2¹⁹ + a count
	incident text    not null,
	noun     text    not null,
	item     text    not null,
	event    text    not null,
	title    text    not null,
	words    text    not null,
	unique (noun, item)
) strict;
create virtual table search_index using fts5 (
	words, content = 'search_doc', content_rowid = 'n', detail = 'none', columnsize = 0,
	tokenize = "ascii tokenchars '_'"
);
insert into search_index (search_index, rank) values ('secure-delete', 1);

create trigger search_doc_insert after insert on search_doc begin
	insert into search_index (rowid, words) values (new.n, new.words);
end;
create trigger search_doc_delete after delete on search_doc begin
	insert into search_index (search_index, rowid, words) values ('delete', old.n, old.words);
end;
create trigger search_doc_update after update on search_doc when old.words <> new.words or old.n <> new.n begin
	insert into search_index (search_index, rowid, words) values ('delete', old.n, old.words);
	insert into search_index (rowid, words) values (new.n, new.words);
end;

create trigger event_pending after insert on event begin
	insert into pending (event) values (new.id);
end;

create trigger event_no_update before update on event begin select raise(abort, 'event is append-only'); end;
create trigger event_no_delete before delete on event begin select raise(abort, 'event is append-only'); end;
create trigger leaf_index_no_update before update on leaf_index begin select raise(abort, 'leaf_index is append-only'); end;
create trigger leaf_index_no_delete before delete on leaf_index begin select raise(abort, 'leaf_index is append-only'); end;
create trigger leaf_index_dense before insert on leaf_index
	when new.idx <> (select coalesce(max(idx) + 1, 0) from leaf_index where log = new.log)
begin select raise(abort, 'leaf_index is dense'); end;
create trigger tree_head_no_update before update on tree_head begin select raise(abort, 'tree_head is append-only'); end;
create trigger tree_head_no_delete before delete on tree_head begin select raise(abort, 'tree_head is append-only'); end;
create trigger journal_no_update before update on journal begin select raise(abort, 'journal is append-only'); end;
create trigger journal_no_delete before delete on journal begin select raise(abort, 'journal is append-only'); end;
create trigger blob_no_update before update on blob begin select raise(abort, 'blob is never changed'); end;

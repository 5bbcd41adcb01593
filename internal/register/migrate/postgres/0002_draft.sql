-- What somebody has typed and not yet handed in: no part of the record, changed
-- and erased freely, sealed under a key of its own.
create table draft (
	person text collate "C" not null,
	id     text collate "C" not null,
	saved  bigint not null,
	key    bytea not null,
	body   bytea not null,
	primary key (person, id)
);

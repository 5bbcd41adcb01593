-- What somebody has typed and not yet handed in: no part of the record, changed
-- and erased freely, sealed under a key of its own.
create table draft (
	person text not null,
	id     text not null,
	saved  integer not null,
	key    blob not null,
	body   blob not null,
	primary key (person, id)
) strict, without rowid;

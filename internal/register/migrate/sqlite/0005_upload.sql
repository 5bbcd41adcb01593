-- A file on its way in: no part of the record before it is whole, and gone a
-- day after its last part. What is said of it is sealed under a key of its own.
create table upload (
	id       text not null primary key,
	person   text not null,
	incident text not null,
	length   integer not null, -- as declared
	received integer not null, -- in parts that are durable
	done     integer not null, -- 1: it is on the record, or a duplicate of what is
	expires  integer not null,
	key      blob not null,
	body     blob not null
) strict, without rowid;
create index upload_expires on upload (expires);

-- A part of it: a blob of the vault under a key of its own.
create table upload_part (
	upload text not null,
	start  integer not null,
	id     text not null,
	size   integer not null,
	digest blob not null,
	key    blob not null,
	primary key (upload, start)
) strict, without rowid;

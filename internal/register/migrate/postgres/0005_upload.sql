-- A file on its way in: no part of the record before it is whole, and gone a
-- day after its last part. What is said of it is sealed under a key of its own.
create table upload (
	id       text collate "C" not null primary key,
	person   text collate "C" not null,
	incident text collate "C" not null,
	length   bigint not null, -- as declared
	received bigint not null, -- in parts that are durable
	done     bigint not null, -- 1: it is on the record, or a duplicate of what is
	expires  bigint not null,
	key      bytea not null,
	body     bytea not null
);
create index upload_expires on upload (expires);

-- A part of it: a blob of the vault under a key of its own.
create table upload_part (
	upload text collate "C" not null,
	start  bigint not null,
	id     text collate "C" not null,
	size   bigint not null,
	digest bytea not null,
	key    bytea not null,
	primary key (upload, start)
);

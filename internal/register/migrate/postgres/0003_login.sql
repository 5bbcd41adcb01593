-- Who comes in at the counter, and by what. Nothing here is on the record: it
-- is changed, and it is erased. What a person shows is kept as a hash, sealed,
-- or as its public half. The columns are the same as on the other engine.

create table passkey (
	id       text collate "C" not null primary key, -- credential id, base64url
	person   text collate "C" not null,
	name     text             not null, -- the person's own word for it
	cose     bytea            not null, -- public key as the authenticator gave it
	jwk      text             not null, -- the same as it stands on the record
	signs    bigint           not null, -- the authenticator's counter
	flags    bigint           not null, -- of its authenticator data
	copied   bigint           not null, -- when its counter went backwards; 0: never
	added    bigint           not null,
	used     bigint           not null -- 0: never
);
create index passkey_person on passkey (person);

create table password (
	person   text collate "C" not null primary key,
	hash     text             not null, -- PHC string with its parameters
	changed  bigint           not null
);

create table totp (
	person   text collate "C" not null primary key,
	secret   bytea            not null, -- sealed under the session key
	step     bigint           not null, -- the last one used; -1: not confirmed yet
	added    bigint           not null
);

create table recovery (
	hash     bytea            not null primary key,
	person   text collate "C" not null
);
create index recovery_person on recovery (person);

create table sign_on (
	issuer   text collate "C" not null,
	subject  text collate "C" not null,
	person   text collate "C" not null,
	added    bigint           not null,
	primary key (issuer, subject)
);

create table session (
	hash     bytea            not null primary key,
	id       text collate "C" not null unique,
	person   text collate "C" not null,
	standing text collate "C" not null, -- office, role and oath it was begun with
	method   text collate "C" not null,
	began    bigint           not null,
	seen     bigint           not null,
	fresh    bigint           not null, -- when the person last showed who they are
	setup    bigint           not null -- only for making credentials
);
create index session_person on session (person);

create table link (
	person   text collate "C" not null primary key,
	hash     bytea            not null unique,
	until    bigint           not null
);

-- What is under way between two requests; each is taken once.
create table ceremony (
	id       text collate "C" not null primary key,
	kind     text collate "C" not null,
	body     text             not null,
	until    bigint           not null
);

create table attempts (
	who      text collate "C" not null primary key, -- keyed hash of a person's name or a source
	failed   bigint           not null,
	last     bigint           not null
);

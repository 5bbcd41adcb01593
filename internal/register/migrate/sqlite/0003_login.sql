-- Who comes in at the counter, and by what. Nothing here is on the record: it
-- is changed, and it is erased. What a person shows is kept as a hash, sealed,
-- or as its public half. The columns are the same as on the other engine.

create table passkey (
	id       text    not null primary key, -- credential id, base64url
	person   text    not null,
	name     text    not null, -- the person's own word for it
	cose     blob    not null, -- public key as the authenticator gave it
	jwk      text    not null, -- the same as it stands on the record
	signs    integer not null, -- the authenticator's counter
	flags    integer not null, -- of its authenticator data
	copied   integer not null, -- when its counter went backwards; 0: never
	added    integer not null,
	used     integer not null -- 0: never
) strict;
create index passkey_person on passkey (person);

create table password (
	person   text    not null primary key,
	hash     text    not null, -- PHC string with its parameters
	changed  integer not null
) strict;

create table totp (
	person   text    not null primary key,
	secret   blob    not null, -- sealed under the session key
	step     integer not null, -- the last one used; -1: not confirmed yet
	added    integer not null
) strict;

create table recovery (
	hash     blob    not null primary key,
	person   text    not null
) strict;
create index recovery_person on recovery (person);

create table sign_on (
	issuer   text    not null,
	subject  text    not null,
	person   text    not null,
	added    integer not null,
	primary key (issuer, subject)
) strict;

create table session (
	hash     blob    not null primary key,
	id       text    not null unique,
	person   text    not null,
	standing text    not null, -- office, role and oath it was begun with
	method   text    not null,
	began    integer not null,
	seen     integer not null,
	fresh    integer not null, -- when the person last showed who they are
	setup    integer not null -- only for making credentials
) strict;
create index session_person on session (person);

create table link (
	person   text    not null primary key,
	hash     blob    not null unique,
	until    integer not null
) strict;

-- What is under way between two requests; each is taken once.
create table ceremony (
	id       text    not null primary key,
	kind     text    not null,
	body     text    not null,
	until    integer not null
) strict;

create table attempts (
	who      text    not null primary key, -- keyed hash of a person's name or a source
	failed   integer not null,
	last     integer not null
) strict;

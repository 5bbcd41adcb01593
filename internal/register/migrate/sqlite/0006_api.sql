-- Programs that act for a person: what they show, and what they were answered.
-- Nothing here is on the record: it is changed, and it is erased. The columns
-- are the same as on the other engine.

create table api_token (
	hash     blob    not null primary key,
	id       text    not null unique,
	person   text    not null,
	standing text    not null, -- office, role and oath it was made with
	name     text    not null, -- the person's own word for it
	scopes   text    not null, -- 'read' or 'read write'
	made     integer not null,
	until    integer not null,
	used     integer not null -- to the hour; 0: never
) strict;
create index api_token_person on api_token (person);

-- What a request with a key of its own was answered, so that the same request
-- is not carried out twice.
create table api_answer (
	token    text    not null, -- id of the token
	key      blob    not null, -- keyed hash of what the client called the request
	request  blob    not null, -- keyed hash of the request itself
	answer   blob    not null, -- sealed under the session key; empty: not known yet
	until    integer not null,
	primary key (token, key)
) strict;

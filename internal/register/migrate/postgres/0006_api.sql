-- Programs that act for a person: what they show, and what they were answered.
-- Nothing here is on the record: it is changed, and it is erased. The columns
-- are the same as on the other engine.

create table api_token (
	hash     bytea            not null primary key,
	id       text collate "C" not null unique,
	person   text collate "C" not null,
	standing text collate "C" not null, -- office, role and oath it was made with
	name     text             not null, -- the person's own word for it
	scopes   text collate "C" not null, -- 'read' or 'read write'
	made     bigint           not null,
	until    bigint           not null,
	used     bigint           not null -- to the hour; 0: never
);
create index api_token_person on api_token (person);

-- What a request with a key of its own was answered, so that the same request
-- is not carried out twice.
create table api_answer (
	token    text collate "C" not null, -- id of the token
	key      bytea            not null, -- keyed hash of what the client called the request
	request  bytea            not null, -- keyed hash of the request itself
	answer   bytea            not null, -- sealed under the session key; empty: not known yet
	until    bigint           not null,
	primary key (token, key)
);

-- The finished dossiers that are kept for handing over, as they go out. They lie
-- in the vault like an exhibit's bytes; what is here is erased with what they are
-- of. The columns are the same as on the other engine.

create table parcel (
	dossier  text    not null primary key, -- that was sealed here
	incident text    not null,
	id       text    not null unique, -- in the vault
	size     integer not null,
	digest   blob    not null,
	tag      blob    not null, -- keyed
	key      blob    not null, -- wrapped data key
	body     text    not null -- JSON: what is recorded when it goes
) strict;
create index parcel_incident on parcel (incident);

-- The finished dossiers that are kept for handing over, as they go out. They lie
-- in the vault like an exhibit's bytes; what is here is erased with what they are
-- of. The columns are the same as on the other engine.

create table parcel (
	dossier  text collate "C" not null primary key, -- that was sealed here
	incident text collate "C" not null,
	id       text collate "C" not null unique, -- in the vault
	size     bigint           not null,
	digest   bytea            not null,
	tag      bytea            not null, -- keyed
	key      bytea            not null, -- wrapped data key
	body     text collate "C" not null -- JSON: what is recorded when it goes
);
create index parcel_incident on parcel (incident);

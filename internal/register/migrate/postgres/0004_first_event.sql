-- An act writes fewer pages when its item is new, which most are: the item
-- knows its first event, so the index of what is about an item needs the later
-- ones only; that event's place numbers the item's words, so they need no index
-- of their own by item; and the counts of an incident's items stand in its head,
-- which every act writes anyway.

alter table incident_head add column numbers text not null default ''; -- of items given, by noun: 'party 3 record 12'
update incident_head set numbers = coalesce((
	select string_agg(substr(name, length(incident) + 2) || ' ' || n, ' ' order by name) from counter
	where starts_with(name, incident || ' ') and name <> incident || ' words'), '')
where ordinal > 0;
delete from counter where name ~ '^[0-9]';

alter table item add column first bigint not null default -1; -- place in its chain of the first event about it
update item set first = coalesce((
	select min(e.seq) from disclosure d join event e on e.id = d.event
	where d.noun = item.noun and d.item = item.id and e.incident = item.incident), -1);

alter table disclosure add column again bigint not null default 0; -- 1: not the first about its item
update disclosure set again = 1 where exists (
	select 1 from event e join item i on i.incident = e.incident
	where e.id = disclosure.event and i.noun = disclosure.noun and i.id = disclosure.item and e.seq > i.first);
drop index disclosure_item;
create index disclosure_again on disclosure (noun, item, act, person, at) where again = 1;

create table search_text (
	n        bigint           not null primary key, -- the incident's ordinal × 2¹⁹ + the place of the item's first event
	incident text collate "C" not null,
	noun     text collate "C" not null,
	item     text collate "C" not null,
	event    text collate "C" not null,
	title    text             not null,
	words    text             not null,
	lexemes  tsvector         not null generated always as (array_to_tsvector(string_to_array(words, ' '))) stored
);
insert into search_text (n, incident, noun, item, event, title, words)
	select h.ordinal * 524288 + i.first, s.incident, s.noun, s.item, s.event, s.title, s.words
	from search_doc s join incident_head h on h.incident = s.incident
	join item i on i.incident = s.incident and i.noun = s.noun and i.id = s.item
	where i.first between 0 and 524287;
drop table search_doc;
alter table search_text rename to search_doc;
alter index search_text_pkey rename to search_doc_pkey;
create index search_index on search_doc using gin (lexemes);

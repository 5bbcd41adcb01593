package fsck_test

import (
	"fmt"
	"testing"
)

// event is an SQL condition for one event of an incident.
func event(incident string, seq int) string {
	return fmt.Sprintf("(select id from event where incident = '%s' and seq = %d)", incident, seq)
}

const (
	first  = "2026-000001"
	second = "2026-000002"
)

// drop removes an event and all that belongs to it, but not its place in the log.
func drop(incident string, seq int) []string {
	id := event(incident, seq)
	return []string{"delete from disclosure where event = " + id, "delete from sealed where event = " + id, "delete from event where id = " + id}
}

func rowDamage(statements ...string) func(*testing.T, *city) {
	return func(t *testing.T, c *city) { c.sql(t, statements...) }
}

func TestDamageToTheRows(t *testing.T) {
	run(t, []damage{
		{"an event removed", rowDamage(drop(first, 3)...), altered, "incident 2026-000001, event 3", "missing"},
		{"an event removed, and its leaf is still in the log", rowDamage(drop(first, 3)...), altered, "ledger leaf", "not on the record"},
		{"several events removed", rowDamage(append(drop(first, 3), drop(first, 4)...)...), altered, "incident 2026-000001, event 3", "up to number 4 are missing"},
		{"the last event removed", rowDamage(drop(second, 281)...), altered, "incident 2026-000002", "its head is at event"},
		{"an event of the house removed", rowDamage(drop("", 2)...), altered, "the house, event 2", "missing"},
		{"the events of an incident removed", rowDamage("delete from disclosure where event in (select id from event where incident = '"+first+"')", "delete from event where incident = '"+first+"'"), altered, "incident 2026-000001", "no event is about it"},
		{"an incident removed with everything", rowDamage(
			"delete from leaf_index where event in (select id from event where incident = '"+first+"')",
			"delete from disclosure where event in (select id from event where incident = '"+first+"')",
			"delete from sealed where event in (select id from event where incident = '"+first+"')",
			"delete from event where incident = '"+first+"'", "delete from item where incident = '"+first+"'",
			"delete from incident_head where incident = '"+first+"'"), altered, "incident 2026-000001", "the incident is missing"},
		{"a way in for nobody on the record", rowDamage("insert into session (hash, id, person, standing, method, began, seen, fresh, setup) values (zeroblob(32), 'x', 'nobody-1', '', 'passkey', 0, 0, 0, 0)"), altered, "register", "to nobody on the record"},
		{"a password that is not hashed", rowDamage("insert into password (person, hash, changed) values ('officer-4471', 'four unrelated words', 0)"), altered, "register", "neither hashed nor sealed"},
		{"a head removed", rowDamage("delete from incident_head where incident = '" + first + "'"), altered, "register", "stand in a chain"},
		{"a leaf changed", rowDamage("update event set leaf = cast(replace(cast(leaf as text), 'city.example', 'town.example') as blob) where id = " + event(first, 2)), altered, "incident 2026-000001, event 3", "does not follow"},
		{"a digest of a leaf changed", rowDamage("update event set leaf = cast(substr(leaf, 1, 20) || 'AAAA' || substr(leaf, 25) as blob) where id = " + event(second, 2)), altered, "incident 2026-000002, event 3", "does not follow"},
		{"a number in an incident changed", rowDamage("update event set seq = 900 where id = " + event(second, 280)), altered, "incident 2026-000002, event 900", "number in its incident"},
		{"an event filed elsewhere", rowDamage("update event set incident = '', seq = 900 where id = " + event(second, 280)), altered, "the house, event 900", "commits to incident 2026-000002"},
		{"an event without its disclosures", rowDamage("delete from disclosure where event = " + event(second, 4)), altered, "register", "belong"},
		{"a time changed", rowDamage("update disclosure set at = at + 1 where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "the row says time"},
		{"an act changed", rowDamage("update disclosure set act = 'party.amended' where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "the row says act"},
		{"a person changed", rowDamage("update disclosure set person = 'auditor-1' where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "the row says person"},
		{"an item changed", rowDamage("update disclosure set item = '2026-000002-P1' where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "the row says it is about"},
		{"a noun changed", rowDamage("update disclosure set noun = 'record' where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "the row says it is about"},
		{"a claim changed", rowDamage("update disclosure set claims = 'A' || substr(claims, 2) where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "not what the leaf commits to"},
		{"a claim removed", rowDamage("update disclosure set claims = substr(claims, instr(claims, ' ') + 1) where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "the claim id is missing"},
		{"a claim given twice", rowDamage("update disclosure set claims = claims || ' ' || substr(claims, 1, instr(claims, ' ') - 1) where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "given twice"},
		{"an incident nothing happened in", rowDamage("insert into incident_head (incident, ordinal, seq, prev) values ('2026-000003', 2026000000003, -1, x'')"), altered, "incident 2026-000003", "no event"},
		{"incidents skipped", rowDamage("insert into incident_head (incident, ordinal, seq, prev) values ('2026-000005', 2026000000005, -1, x'')"), altered, "incident 2026-000003", "incidents up to 2026-000004 are missing"},
		{"an event that would never be published", func(t *testing.T, c *city) {
			c.open(t)
			c.incident(t, "Late entry")
			c.close(t)
			c.sql(t, "delete from pending")
		}, altered, "incident 2026-000003, event 0", "would never be published"},
		{"a signature removed", func(t *testing.T, c *city) {
			claims := c.one(t, "select claims from disclosure where act = 'record.submitted'")
			i := len(claims) - 1
			for claims[i] != ' ' {
				i--
			}
			c.sql(t, "update disclosure set claims = '"+claims[:i]+"' where act = 'record.submitted'")
		}, altered, "incident 2026-000001", "always has the person's own signature"},
		{"the signature of an act that need not have one removed", func(t *testing.T, c *city) {
			claims := c.one(t, "select claims from disclosure where act = 'incident.opened' limit 1")
			i := len(claims) - 1
			for claims[i] != ' ' {
				i--
			}
			c.sql(t, "update disclosure set claims = '"+claims[:i]+"' where event = "+event(first, 0))
		}, altered, "incident 2026-000001, event 0", "the signature is missing"},
		{"all claims removed, and the open part kept", rowDamage("update disclosure set claims = null where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "its claims are missing"},
		{"an open part changed", rowDamage("update disclosure set open = open || 'A' where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "not what the leaf commits to"},
		{"an open part of another event", rowDamage("update disclosure set open = (select open from disclosure where event = " + event(second, 5) + ") where event = " + event(second, 4)), altered, "incident 2026-000002, event 4", "the part open is not"},
		{"an open part removed", rowDamage("update disclosure set open = null where event = " + event(second, 4)), altered, "item party 2026-000002-P4", "not marked as disposed"},
		{"a mark of disposal without one", rowDamage("update item set disposed = 1 where id = '2026-000002-P4'"), altered, "item party 2026-000002-P4", "nothing of it was erased"},
		{"a head at another event", rowDamage("update incident_head set seq = seq - 1 where incident = '" + second + "'"), altered, "incident 2026-000002", "its head is at event"},
		{"a head of another hash", rowDamage("update incident_head set prev = zeroblob(32) where incident = '" + second + "'"), altered, "incident 2026-000002", "does not name its last event"},
		{"a head's hash cut short", rowDamage("update incident_head set prev = x'00' where incident = '" + second + "'"), altered, "register", "has 1 bytes"},
		{"the house's head at another event", rowDamage("update incident_head set seq = seq + 1 where incident = ''"), altered, "the house", "its head is at event"},
		{"an item that points to an older event", rowDamage("update item set event = (select event from disclosure where act = 'record.added') where noun = 'record'"), altered, "item record 2026-000001-R1", "points to event"},
		{"an item with another count", rowDamage("update item set events = 1 where noun = 'record'"), altered, "item record 2026-000001-R1", "counts 1 event"},
		{"an item removed", rowDamage("delete from item where noun = 'record'"), altered, "incident 2026-000001", "not in the table of items"},
		{"a person removed from the table of items", rowDamage("delete from item where id = 'officer-4471'"), altered, "the house", "not in the table of items"},
		{"an item with another first event", rowDamage("update item set first = first + 1 where noun = 'record'"), altered, "item record 2026-000001-R1", "is the first about it"},
		{"a later event taken for an item's first", rowDamage("update disclosure set again = 0 where act = 'record.submitted'"), altered, "incident 2026-000001", "came before it is said wrongly"},
		{"an item nothing is about", rowDamage("insert into item (incident, noun, id, event, events, disposed) select incident, noun, '2026-000001-R9', event, 1, 0 from item where noun = 'record'"), altered, "item record 2026-000001-R9", "no event is about it"},
		{"an item of no incident", rowDamage("insert into item (incident, noun, id, event, events, disposed) select '2026-000077', noun, '2026-000077-R1', event, 1, 0 from item where noun = 'record'"), altered, "register", "belongs to nothing"},
		{"two indexes exchanged", rowDamage(
			"update leaf_index set log = 9 where idx = 100", "update leaf_index set idx = 100 where idx = 101 and log = 0", "update leaf_index set log = 0, idx = 101 where log = 9"), altered, "incident 2026-000002", "stands before the one it follows"},
		{"an index removed from the middle", rowDamage("delete from leaf_index where idx = 100"), altered, "ledger leaf 100", "no leaf of this index"},
		{"the last index removed", rowDamage("delete from leaf_index where idx = (select max(idx) from leaf_index)"), altered, "register", "only"},
		{"an event that has an index and waits for one", rowDamage("insert into pending (event) values (" + event(first, 0) + ")"), altered, "incident 2026-000001, event 0", "and waits for one"},
		{"an event that waits and is not there", rowDamage("insert into pending (event) values ('01900000-0000-7000-8000-000000000000')"), altered, "register", "stands in no chain"},
		{"a root changed", rowDamage("update tree_head set root = zeroblob(32) where size = (select max(size) from tree_head)"), altered, "register", "the root it keeps of the first"},
		{"an older root changed", rowDamage("update tree_head set root = zeroblob(32) where size = (select min(size) from tree_head)"), altered, "register", "the root it keeps of the first"},
		{"a root cut short", rowDamage("update tree_head set root = x'00' where size = (select min(size) from tree_head)"), altered, "register", "has 1 bytes"},
		{"the newest root removed", rowDamage("delete from tree_head where size = (select max(size) from tree_head)"), altered, "register", "it keeps no root of"},
		{"every root removed", rowDamage("delete from tree_head"), altered, "register", "it keeps no root of"},
		{"a root of more leaves than there are", rowDamage("insert into tree_head values (0, 100000, zeroblob(32))"), altered, "register", "100000 leaves"},
		{"a sealed part changed", rowDamage("update sealed set body = cast(substr(body, 1, 20) || x'00' || substr(body, 22) as blob) where event = " + event(first, 0)), altered, "incident 2026-000001, event 0", "is not what was sealed"},
		{"the key of a sealed part changed", rowDamage("update sealed set key = zeroblob(length(key)) where event = " + event(first, 0)), altered, "incident 2026-000001, event 0", "is not one that the record's wrapping key made"},
		{"a sealed part moved to another event", rowDamage("update sealed set event = " + event(first, 1) + ", class = 'health' where event = " + event(first, 0)), altered, "incident 2026-000001, event 1", "wrapped key of the health part"},
		{"a sealed part that is named, removed", rowDamage("delete from sealed where event = (select event from disclosure where act = 'party.added' and event in (select event from sealed))"), altered, "incident 2026-000001", "the sealed part identity that it names is missing"},
		{"a series of numbers set back", rowDamage("update incident_head set numbers = replace(numbers, 'exhibit 4', 'exhibit 3') where incident = '2026-000001'"), altered, "incident 2026-000001", "of exhibit, and number"},
		{"the series of numbers removed", rowDamage("update incident_head set numbers = '' where incident = '2026-000001'"), altered, "incident 2026-000001", "counts 0 of record"},
		{"a series of numbers cut short", rowDamage("update incident_head set numbers = 'record' where incident = '2026-000001'"), altered, "incident 2026-000001", "cut short"},
		{"a series of numbers given twice", rowDamage("update incident_head set numbers = numbers || ' record 1' where incident = '2026-000001'"), altered, "incident 2026-000001", "the count of record is not one number"},
		{"a series of numbers ahead", rowDamage("update incident_head set numbers = replace(numbers, 'exhibit 4', 'exhibit 6') where incident = '2026-000001'"), unsure, "incident 2026-000001", "whether something stood under the others"},
		{"a series of numbers of what is not there", rowDamage("update incident_head set numbers = numbers || ' hold 3' where incident = '2026-000001'"), unsure, "incident 2026-000001", "3 numbers of hold were given"},
		{"a series of numbers nobody knows", rowDamage("insert into counter values ('2026-000077 hold', 3)"), unsure, "register", "none that this program knows"},
		{"the series of incidents set back", rowDamage("update counter set n = 1 where name = 'incident 2026'"), altered, "register", "counts 1 of incidents of 2026"},
		{"a year of incidents that are not there", rowDamage("insert into counter values ('incident 2025', 3)"), unsure, "register", "3 numbers of incidents of 2025"},
		{"a fact about the record that nobody wrote", rowDamage("insert into meta values ('hello', 'there')"), unsure, "register", "none that this program knows"},
		{"a referral said to be here that is not", rowDamage("insert into meta values ('referral town.example/jurat 2026-000009-K1', '2026-000001')"), altered, "register", "no dossier of it was taken in there"},
		{"an item that no search finds", rowDamage("delete from search_doc where item = '2026-000001-P1'"), unsure, "index of words, party 2026-000001-P1", "no search finds it"},
		{"an item found by another item's words", rowDamage("update search_doc set words = words || ' xylophone' where item = '2026-000001-P1'"), altered, "index of words, party 2026-000001-P1", "in no open part of it"},
		{"an item that lost a word it was found by", rowDamage("update search_doc set words = substr(words, 1, 13) where item = '2026-000001-P1'"), unsure, "index of words, party 2026-000001-P1", "not found by every word"},
		{"an item indexed as an older event left it", rowDamage("update search_doc set event = (select event from disclosure where act = 'record.added') where noun = 'record'"), altered, "index of words, record 2026-000001-R1", "the last event about it is"},
		{"an incident shown under another title", rowDamage("update search_doc set title = 'Another' where item = '2026-000001'"), altered, "index of words, incident 2026-000001", "another title"},
		{"words of what is not there", rowDamage("update search_doc set item = '2026-000001-P9' where item = '2026-000001-P1'"), altered, "index of words, party 2026-000001-P9", "no event is about it"},
		{"words under another incident's numbers", rowDamage("update search_doc set incident = '2026-000002' where item = '2026-000001-P1'"), altered, "index of words", "under whose number"},
		{"a sealed word in the index", rowDamage("update search_doc set words = words || ' " + hidden + "' where noun = 'party' and incident = '" + first + "'"), altered, "index of words, party 2026-000001-P1", "stands in a sealed part"},
		{"a line of the journal changed", rowDamage("update journal set person = 'officer-4471' where n = 2"), altered, "the house", "lines 1 to 3 of the security journal are not"},
		{"a line of the journal removed", rowDamage("delete from journal where n = 2"), altered, "security journal, line 2", "missing"},
		{"the last line a digest commits to removed", rowDamage("delete from journal where n = 3"), altered, "the house", "the last line of the security journal it commits to is missing"},
		{"the journal's newest lines removed", rowDamage("delete from journal where n > 3"), unsure, "security journal", "numbers of lines were given"},
		{"the journal's series set back", rowDamage("update counter set n = 2 where name = 'journal'"), altered, "security journal", "counts 2 of lines"},
		{"the journal's end removed", rowDamage("delete from journal where n > 2"), altered, "the house", "the last line there is 2"},
		{"the whole journal removed", rowDamage("delete from journal"), altered, "the house", "the last line there is 0"},
	})
}

func TestDamageToExhibits(t *testing.T) {
	const e1, e2, e3, e4 = "2026-000001-E1", "2026-000001-E2", "2026-000001-E3", "2026-000001-E4"
	run(t, []damage{
		{"a flipped byte", func(t *testing.T, c *city) { c.flip(t, c.blob(t, e4), 100_000) }, altered, "exhibit " + e4, "chunk 7 of 13 does not open"},
		{"a flipped byte of the last tag", func(t *testing.T, c *city) { c.flip(t, c.blob(t, e4), -1) }, altered, "exhibit " + e4, "does not open"},
		{"a flipped byte of the header", func(t *testing.T, c *city) { c.flip(t, c.blob(t, e1), 3) }, altered, "exhibit " + e1, "its header is another's"},
		{"a flipped byte where nothing was received", func(t *testing.T, c *city) { c.flip(t, c.blob(t, e2), -1) }, altered, "exhibit " + e2, "does not open"},
		{"cut short", func(t *testing.T, c *city) {
			name := c.blob(t, e4)
			c.write(t, name, c.read(t, name)[:100_000])
		}, altered, "exhibit " + e4, "100000 bytes"},
		{"cut by its last, empty chunk", func(t *testing.T, c *city) {
			name := c.blob(t, e3)
			b := c.read(t, name)
			c.write(t, name, b[:len(b)-16])
		}, altered, "exhibit " + e3, "sealed"},
		{"longer", func(t *testing.T, c *city) {
			name := c.blob(t, e1)
			c.write(t, name, append(c.read(t, name), 0))
		}, altered, "exhibit " + e1, "sealed"},
		{"removed", func(t *testing.T, c *city) { c.remove(t, c.blob(t, e1)) }, altered, "exhibit " + e1, "missing"},
		{"two files exchanged", func(t *testing.T, c *city) {
			a, b := c.blob(t, e1), c.blob(t, e2)
			x, y := c.read(t, a), c.read(t, b)
			c.write(t, a, y)
			c.write(t, b, x)
		}, altered, "exhibit " + e1, "sealed"},
		{"two rows exchanged", rowDamage(
			"update blob set id = 'x' where exhibit = '"+e1+"'",
			"update blob set id = (select id from blob where exhibit = '"+e3+"') || 'y' where exhibit = '"+e3+"'",
			"update blob set id = (select substr(id, 1, 32) from blob where exhibit = '"+e3+"') where exhibit = '"+e1+"'",
			"update blob set id = 'x' where exhibit = '"+e3+"'"), altered, "exhibit " + e1, "sealed"},
		{"the bytes of another exhibit of the same size, with their key", func(t *testing.T, c *city) {
			c.open(t)
			c.receive(t, second, 7, 7)
			c.publish(t)
			c.close(t)
			const a, b = "'2026-000002-E1'", "'2026-000002-E2'"
			c.sql(t,
				"create table was as select b.exhibit, b.id, k.key from blob b join blob_key k on k.exhibit = b.exhibit where b.exhibit in ("+a+", "+b+")",
				"update blob set id = exhibit where exhibit in ("+a+", "+b+")",
				"update blob set id = (select id from was where was.exhibit <> blob.exhibit) where exhibit in ("+a+", "+b+")",
				"update blob_key set key = (select key from was where was.exhibit <> blob_key.exhibit) where exhibit in ("+a+", "+b+")",
				"drop table was")
		}, altered, "exhibit 2026-000002-E1", "its bytes have digest"},
		{"a blob's name that is none", rowDamage("update blob set id = 'x' where exhibit = '" + e1 + "'"), altered, "exhibit " + e1, "which nothing in the vault is named"},
		{"another digest in the register", rowDamage("update blob set digest = zeroblob(32) where exhibit = '" + e1 + "'"), altered, "exhibit " + e1, "digest"},
		{"a digest cut short", rowDamage("update blob set digest = x'00' where exhibit = '" + e1 + "'"), altered, "exhibit " + e1, "cut short"},
		{"another size in the register", rowDamage("update blob set size = 6 where exhibit = '" + e1 + "'"), altered, "exhibit " + e1, "size"},
		{"another incident in the register", rowDamage("update blob set incident = '2026-000002' where exhibit = '" + e1 + "'"), altered, "exhibit " + e1, "2026-000002"},
		{"another tag", rowDamage("update blob set tag = zeroblob(32) where exhibit = '" + e1 + "'"), altered, "exhibit " + e1, "its tag"},
		{"a changed wrapped key", rowDamage("update blob_key set key = cast(x'01' || zeroblob(60) as blob) where exhibit = '" + e1 + "'"), altered, "exhibit " + e1, "is not one that the record's wrapping key made"},
		{"a wrapped key of another kind", rowDamage("update blob_key set key = cast(x'02' || substr(key, 2) as blob) where exhibit = '" + e1 + "'"), unsure, "exhibit " + e1, "version 2"},
		{"the wrapped key of another exhibit", rowDamage("update blob_key set key = (select key from blob_key where exhibit = '" + e2 + "') where exhibit = '" + e1 + "'"), altered, "exhibit " + e1, "is not one that the record's wrapping key made"},
		{"no wrapped key", rowDamage("delete from blob_key where exhibit = '" + e1 + "'"), altered, "exhibit " + e1, "the key of its bytes is missing"},
		{"no row", rowDamage("delete from blob_key where exhibit = '"+e1+"'", "delete from blob where exhibit = '"+e1+"'"), altered, "exhibit " + e1, "nothing says where"},
		{"a row of no exhibit", rowDamage("insert into blob select '2026-000001-E9', incident, '00000000000000000000000000000000', size, digest, tag from blob where exhibit = '" + e1 + "'"), altered, "exhibit 2026-000001-E9", "no event is about it"},
	})
}

func TestALeafOfNoKnownFormIsToldAsSuch(t *testing.T) {
	c := copied(t)
	c.sql(t, "update event set leaf = x'00' where id in ("+event(second, 4)+", "+event(second, 5)+")",
		"update disclosure set claims = null, open = null where event = "+event(second, 5))
	r := c.check(t)
	hasFinding(t, r, unsure, "incident 2026-000002, event 4", "it does not begin as one")
	hasFinding(t, r, unsure, "incident 2026-000002, event 5", "it does not begin as one")
	hasFinding(t, r, altered, "ledger/tile/0/000", "not those the rows give")
}

package jurat

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// An IncidentNumber names an incident: the year it was opened and a count from
// 000001, written 2026-000001. The zero value names no incident and stands on
// acts of the house (people, offices, orders, keys).
type IncidentNumber string

// ParseIncidentNumber accepts YYYY-NNNNNN and nothing else. A year with more
// than 999,999 incidents counts on with more digits, nine at most.
func ParseIncidentNumber(s string) (IncidentNumber, error) {
	if !numbersIncident(s) {
		return "", Errorf(Invalid, "incident number %q: want YYYY-NNNNNN, for example 2026-000001", s)
	}
	return IncidentNumber(s), nil
}

func numbersIncident(s string) bool {
	return len(s) >= 11 && len(s) <= 14 && s[4] == '-' && digits(s[:4]) && digits(s[5:]) && (len(s) == 11 || s[5] != '0') && strings.Trim(s[5:], "0") != ""
}

// NewIncidentNumber is the n-th incident (from 1) opened in a year.
func NewIncidentNumber(year, n int) IncidentNumber {
	return IncidentNumber(fmt.Sprintf("%04d-%06d", year, n))
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// A Noun is a kind of thing the record holds. An [Item] is one of them.
type Noun string

// The nouns. The letter is the one its numbers carry within an incident;
// nouns without a letter are the house's own and are numbered apart.
const (
	NounIncident    Noun = "incident"
	NounRecord      Noun = "record"     // R
	NounExhibit     Noun = "exhibit"    // E
	NounAllegation  Noun = "allegation" // A
	NounAccount     Noun = "account"    // S, a side's statement
	NounParty       Noun = "party"      // P, a party slot
	NounFlag        Noun = "flag"       // F
	NounHold        Noun = "hold"       // H
	NounReferral    Noun = "referral"   // K
	NounDossier     Noun = "dossier"    // D
	NounContact     Noun = "contact"    // C, a recorded contact with a political office
	NounDisposal    Noun = "disposal"   // Z
	NounRedaction   Noun = "redaction"  // X, a copy that shows less
	NounMark        Noun = "mark"       // M, a moment of an exhibit that somebody marked
	NounViewing     Noun = "viewing"    // V, leave to view footage before one's report
	NounPerson      Noun = "person"
	NounWrit        Noun = "writ" // what a court ordered of an incident
	NounOffice      Noun = "office"
	NounOrder       Noun = "order"
	NounImport      Noun = "import"      // a table from another system
	NounPublication Noun = "publication" // numbers shown to everybody
	NounDigest      Noun = "digest"      // the security journal's digest
	NounLedger      Noun = "ledger"      // a new origin, and the gap it declares
	NounLook        Noun = "look"        // somebody opened the item of the same number
	NounCheck       Noun = "check"       // somebody verified the item of the same number
	NounProbe       Noun = "probe"       // what the item of the same number says of itself
)

var letters = map[Noun]string{
	NounRecord: "R", NounExhibit: "E", NounAllegation: "A", NounAccount: "S", NounParty: "P",
	NounFlag: "F", NounHold: "H", NounReferral: "K", NounDossier: "D", NounContact: "C", NounDisposal: "Z", NounRedaction: "X", NounMark: "M", NounViewing: "V",
}

// An ItemID names one item: an incident's own number, a number within an
// incident such as 2026-000001-E3, or the house's own name such as
// person-4471. It is text people read to one another.
type ItemID string

// NumberItem gives the n-th item (from 1) of a noun within an incident.
func NumberItem(in IncidentNumber, noun Noun, n int) ItemID {
	return ItemID(string(in) + "-" + letters[noun] + strconv.Itoa(n))
}

// Incident is the incident an item is numbered in, or is; zero for the house's
// own and for what is no item's number.
func (id ItemID) Incident() IncidentNumber {
	if numbersIncident(string(id)) {
		return IncidentNumber(id)
	}
	in, _, _ := split(string(id))
	return in
}

// houseNumbered are the nouns of an incident that the house has of its own, too.
var houseNumbered = map[Noun]bool{NounRecord: true, NounHold: true, NounWrit: true}

// ParseItemID accepts a number within an incident for the given noun, and for a
// record or a hold the name of one of the house's own, such as record-3.
func ParseItemID(noun Noun, s string) (ItemID, error) {
	if _, letter, ok := split(s); ok && letter == letters[noun] {
		return ItemID(s), nil
	}
	if n, ok := strings.CutPrefix(s, string(noun)+"-"); ok && houseNumbered[noun] && digits(n) && n[0] != '0' && len(n) <= 9 {
		return ItemID(s), nil
	}
	return "", Errorf(Invalid, "%s number %q: want an incident number, a dash, %s and a count, for example 2026-000001-%s1", noun, s, letters[noun], letters[noun])
}

// ParseItem accepts an incident's number, or the number of anything within an
// incident, and says what it names. The house's own names are not numbers.
func ParseItem(s string) (Item, error) {
	if numbersIncident(s) {
		return Item{Noun: NounIncident, ID: ItemID(s)}, nil
	}
	if _, letter, ok := split(s); ok {
		for noun, l := range letters {
			if l == letter {
				return Item{Noun: noun, ID: ItemID(s)}, nil
			}
		}
	}
	return Item{}, Errorf(Invalid, "%q names nothing in an incident: want a number such as 2026-000001 or 2026-000001-E3", s)
}

// split takes the number of an item within an incident apart.
func split(s string) (in IncidentNumber, letter string, ok bool) {
	i := strings.LastIndexByte(s, '-')
	if i < 0 || len(s)-i < 3 {
		return "", "", false
	}
	letter, count := s[i+1:i+2], s[i+2:]
	if !numbersIncident(s[:i]) || !digits(count) || count[0] == '0' || len(count) > 9 {
		return "", "", false
	}
	for _, l := range letters {
		if l == letter {
			return IncidentNumber(s[:i]), letter, true
		}
	}
	return "", "", false
}

// named refuses a new item whose number is not one of its noun's: a noun that
// is filed nowhere cannot be built.
func named(noun Noun, id ItemID) error {
	_, err := ParseItemID(noun, string(id))
	return err
}

// filed refuses a reference to an item of another incident or another noun. No
// reference at all is not refused.
func filed(in IncidentNumber, noun Noun, id ItemID) error {
	if id == "" {
		return nil
	}
	if err := named(noun, id); err != nil {
		return err
	}
	if id.Incident() != in {
		if in == "" {
			return Errorf(Invalid, "%s %s is of an incident, and not the house's own", noun, id)
		}
		return Errorf(Invalid, "%s %s is not in incident %s", noun, id, in)
	}
	return nil
}

// Item names one thing and what kind of thing it is. The zero Item is nothing.
type Item struct {
	Noun Noun   `json:"noun"`
	ID   ItemID `json:"id"`
}

// A PersonID names a person with access, such as person-3. People in an
// incident are party slots and have no PersonID.
type PersonID string

// An OfficeID names an office, such as police or county-prosecutor: 1 to 40
// lower-case letters, digits and dashes, beginning with a letter.
type OfficeID string

// ParseOfficeID accepts the one spelling of an office's name in the record.
func ParseOfficeID(s string) (OfficeID, error) {
	if !slug(s) {
		return "", Errorf(Invalid, "%q is no short name of an office: it has 1 to 40 lower-case letters, digits and dashes, and begins with a letter", s)
	}
	return OfficeID(s), nil
}

// ParsePersonID accepts the one spelling of a person's name in the record.
func ParsePersonID(s string) (PersonID, error) {
	if !slug(s) {
		return "", Errorf(Invalid, "%q is no name of a person in the record: it has 1 to 40 lower-case letters, digits and dashes, and begins with a letter", s)
	}
	return PersonID(s), nil
}

func slug(s string) bool {
	if s == "" || len(s) > 40 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}

// Precision is the precision at which times are kept: a microsecond, in UTC.
const Precision = time.Microsecond

// At truncates t to the precision of the record, in UTC.
func At(t time.Time) time.Time { return t.UTC().Truncate(Precision) }

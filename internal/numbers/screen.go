package numbers

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"jurat"
	"jurat/order"
)

// A Screen looks for personal data in what is about to leave (REQ-4). It errs
// towards refusing: what it takes for a name is read by a person, who amends
// the record or clears the words.
type Screen struct {
	denied  map[string][]string // whole values out of sealed parts, folded, by their first word
	parts   map[string]bool     // names and numbers out of them
	cleared []string
}

// NewScreen makes a screen. denied are the values of every sealed part of the
// record: none of them leaves, whole or as a name out of it. cleared are words a
// person read and found to be no personal data, such as the name of an agency.
func NewScreen(denied, cleared []string) *Screen {
	s := &Screen{denied: map[string][]string{}, parts: map[string]bool{}}
	for _, c := range cleared {
		if c = fold(c); c != "" {
			s.cleared = append(s.cleared, c)
		}
	}
	for _, d := range denied {
		if f := fold(d); len(f) >= 3 {
			first, _, _ := strings.Cut(f, " ")
			if !slices.Contains(s.denied[first], f) {
				s.denied[first] = append(s.denied[first], f)
			}
		}
		for _, w := range strings.FieldsFunc(d, notInWord) {
			// A name or a number out of a longer value; not its ordinary words.
			first := []rune(w)[0]
			if len([]rune(w)) >= 4 && (unicode.IsUpper(first) || unicode.IsDigit(first)) {
				s.parts[fold(w)] = true
			}
		}
	}
	return s
}

func notInWord(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '@'
}

// fold makes texts that differ in case, accents or spacing one.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '@':
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// The patterns of personal data. Each is read over the text as it stands,
// characters of other widths made plain.
var personal = [...]struct {
	what string
	is   *regexp.Regexp
}{
	{"an e-mail address", regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)},
	{"an alien registration number", regexp.MustCompile(`(?i)\bA[- #]{0,3}\d{3}[- ]?\d{3}[- ]?\d{2,3}\b`)},
	{"a social security number", regexp.MustCompile(`\b\d{3}[- ]\d{2}[- ]\d{4}\b|\b\d{9}\b`)},
	{"a telephone number", regexp.MustCompile(`(\+\d[\d ().-]{7,}\d)|(\(\d{3}\) ?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b|\b\d{10}\b`)},
	{"a date of birth", regexp.MustCompile(`(?i)\b(d\.?o\.?b\.?|born|date of birth|nacid[oa]|fecha de nacimiento)\b|\b\d{1,2}[/.]\d{1,2}[/.](19|20)?\d{2}\b|\b(19|20)\d{2}[/.-]\d{1,2}[/.-]\d{1,2}\b`)},
	{"a licence plate", regexp.MustCompile(`(?i)\b(plates?|license|licence|tag|placas?|matr[ií]cula)\b[^.]{0,20}\d|\b([A-Z]{1,3}[- ]?\d{3,6}|\d{1,4}[- ]?[A-Z]{2,3}[- ]?\d{0,4}|[A-Z]{2}\d[A-Z\d]{3,4})\b`)},
	{"a street address", regexp.MustCompile(`(?i)\b\d{1,6} ([NSEWO]\.? )?([\pL'.-]+ ){1,3}(street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|place|pl|way|calle|avenida)\b`)},
}

// nameLike are two words or more that begin with a capital, side by side; also
// "DOE, JOHN". Honorifics make one word enough.
var nameLike = regexp.MustCompile(`\p{Lu}[\p{L}'’-]+(?:,? (?:(?:de|la|del|los|van|von|al|bin|y) )?(?:\p{Lu}\. )?\p{Lu}[\p{L}'’-]+)+`)
var titled = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Dr|Sr|Sra|Srta|Agent|Officer|Deputy|Detective|Sergeant|Sgt|Lt|Agente|Oficial)\.? \p{Lu}[\p{L}'’-]+`)

// systemNumber is how the numbers of other systems look.
var systemNumber = regexp.MustCompile(`^[A-Za-z]{0,4}[-/ ]?[0-9][0-9A-Za-z/-]{0,29}$`)

// look says what personal data a text holds, or nothing. The digits of another
// system's number are not read as a person's.
func (s *Screen) look(text string, system bool, known map[string]bool) string {
	plain := norm.NFKC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1 // an invisible character hides nothing
		}
		return r
	}, text))
	folded := " " + fold(plain) + " "
	for _, c := range s.cleared {
		folded = strings.ReplaceAll(folded, " "+c+" ", "  ")
	}
	for w := range strings.FieldsSeq(folded) {
		for _, d := range s.denied[w] {
			if strings.Contains(folded, " "+d+" ") {
				return "a value out of a sealed part"
			}
		}
	}
	for w := range strings.FieldsSeq(folded) {
		if s.parts[w] {
			return "a name or a number out of a sealed part"
		}
	}
	if system && systemNumber.MatchString(text) {
		return ""
	}
	for _, p := range personal {
		for _, found := range p.is.FindAllString(plain, -1) {
			if !s.clear(found) {
				return "what looks like " + p.what
			}
		}
	}
	for _, found := range slices.Concat(nameLike.FindAllString(plain, -1), titled.FindAllString(plain, -1)) {
		if !s.clear(found) && !ofOrder(found, known) {
			return "what looks like a name"
		}
	}
	return ""
}

// clear reports whether words were cleared: every one of them.
func (s *Screen) clear(found string) bool {
	left := " " + fold(found) + " "
	for _, c := range s.cleared {
		left = strings.ReplaceAll(left, " "+c+" ", "  ")
	}
	return strings.TrimSpace(left) == ""
}

// vocabulary is the words of an order's own labels: names of agencies,
// departments and laws, which are nobody's.
func vocabulary(o *order.Order) map[string]bool {
	out := map[string]bool{}
	add := func(s string) {
		for w := range strings.FieldsSeq(fold(s)) {
			out[w] = true
		}
	}
	add(o.Title + " " + o.Jurisdiction + " " + o.Number)
	for _, t := range o.Tables {
		for _, it := range t.Items {
			add(it.Label.String())
		}
	}
	for _, c := range o.Clauses {
		add(c.Title.String())
	}
	return out
}

func ofOrder(found string, known map[string]bool) bool {
	for w := range strings.FieldsSeq(fold(found)) {
		if !known[w] {
			return false
		}
	}
	return true
}

// check refuses a report that holds personal data, and names every row and
// column. It never says what it found, only what it looks like.
func (s *Screen) check(r *Report, o *order.Order) error {
	if s == nil {
		return jurat.Errorf(jurat.Invalid, "the report %s is not made without the values that may not leave; hand in the sealed ones, or say that there are none", r.ID)
	}
	var found []string
	known := vocabulary(o)
	for _, t := range r.Tables {
		for i, row := range t.Rows {
			for k, cell := range row {
				if t.Columns[k].coded == coded {
					continue
				}
				if what := s.look(cell, t.Columns[k].coded == number, known); what != "" {
					found = append(found, place(t.ID, i+1, t.Columns[k].ID)+": "+what)
				}
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	more := ""
	if len(found) > 20 {
		found, more = found[:20], "; and more"
	}
	return jurat.Errorf(jurat.Conflict, "the report %s holds personal data and is not made (REQ-4): %s%s. Amend the record, or clear the words", r.ID, strings.Join(found, "; "), more)
}

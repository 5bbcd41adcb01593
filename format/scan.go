package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// A scanner steps over the JSON of L1 without building anything.
type scanner struct {
	b    []byte
	i    int
	open bool                          // refuse the names RFC 9901 reserves
	each func([]byte, json.RawMessage) // told of the outermost members
}

func (s *scanner) space() {
	for s.i < len(s.b) && (s.b[s.i] == ' ' || s.b[s.i] == '\n' || s.b[s.i] == '\t' || s.b[s.i] == '\r') {
		s.i++
	}
}

func (s *scanner) bad() error {
	if s.i >= len(s.b) {
		return errCut
	}
	return fmt.Errorf("unexpected byte %q in the JSON, at %d", s.b[s.i], s.i)
}

func (s *scanner) value(depth int) error {
	s.space()
	if s.i >= len(s.b) {
		return errCut
	}
	switch c := s.b[s.i]; {
	case c == '{':
		return s.object(depth + 1)
	case c == '[':
		return s.array(depth + 1)
	case c == '"':
		return s.str()
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	}
	for _, word := range [...]string{"null", "true", "false"} {
		if bytes.HasPrefix(s.b[s.i:], []byte(word)) {
			s.i += len(word)
			return nil
		}
	}
	return s.bad()
}

// next steps over what follows a member or element: a comma (more) or end.
func (s *scanner) next(end byte) (more bool, err error) {
	s.space()
	if s.i < len(s.b) && (s.b[s.i] == ',' || s.b[s.i] == end) {
		s.i++
		return s.b[s.i-1] == ',', nil
	}
	return false, s.bad()
}

// empty steps over an opening bracket, and over the closing one if it is next.
func (s *scanner) empty(end byte) bool {
	s.i++
	s.space()
	if s.i < len(s.b) && s.b[s.i] == end {
		s.i++
		return true
	}
	return false
}

func (s *scanner) array(depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("the JSON is nested more than %d deep", maxDepth)
	}
	if s.empty(']') {
		return nil
	}
	for {
		s.space()
		from := s.i
		if err := s.value(depth); err != nil {
			return err
		}
		if depth == 1 && s.each != nil {
			s.each(nil, s.b[from:s.i])
		}
		if more, err := s.next(']'); !more {
			return err
		}
	}
}

func (s *scanner) object(depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("the JSON is nested more than %d deep", maxDepth)
	}
	if s.empty('}') {
		return nil
	}
	var few [24][]byte // most objects are small: no map
	names, seen := few[:0], map[string]bool(nil)
	for {
		name, err := s.name()
		if err != nil {
			return err
		}
		if s.open && (string(name) == "_sd" || string(name) == "...") {
			return fmt.Errorf("the member name %q is reserved", name)
		}
		if len(names) < cap(few[:]) {
			if slices.ContainsFunc(names, func(n []byte) bool { return bytes.Equal(n, name) }) {
				return fmt.Errorf("the member %q is there twice", name)
			}
			names = append(names, name)
		} else {
			if seen == nil {
				seen = make(map[string]bool, 2*len(names))
				for _, n := range names {
					seen[string(n)] = true
				}
			}
			if seen[string(name)] {
				return fmt.Errorf("the member %q is there twice", name)
			}
			seen[string(name)] = true
		}
		s.space()
		from := s.i
		if err := s.value(depth); err != nil {
			return err
		}
		if depth == 1 && s.each != nil {
			s.each(name, s.b[from:s.i])
		}
		if more, err := s.next('}'); !more {
			return err
		}
	}
}

// name steps over a member's name and colon, and gives the name unescaped.
func (s *scanner) name() ([]byte, error) {
	s.space()
	if s.i >= len(s.b) || s.b[s.i] != '"' {
		return nil, s.bad()
	}
	from := s.i
	if err := s.str(); err != nil {
		return nil, err
	}
	name := s.b[from+1 : s.i-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		var v string
		if err := json.Unmarshal(s.b[from:s.i], &v); err != nil {
			return nil, err
		}
		name = []byte(v)
	}
	s.space()
	if s.i >= len(s.b) || s.b[s.i] != ':' {
		return nil, s.bad()
	}
	s.i++
	return name, nil
}

// plain are the bytes of a text that stand for themselves.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x20 && c != '"' && c != '\\'
	}
	return t
}()

func (s *scanner) str() error {
	s.i++
	for {
		b, i := s.b, s.i // most of all JSON is text: the loop that steps over it stays small
		for i < len(b) && plain[b[i]] {
			i++
		}
		s.i = i
		switch {
		case i == len(b):
			return errCut
		case b[i] == '"':
			s.i++
			return nil
		case b[i] != '\\':
			return s.bad()
		}
		if err := s.escape(); err != nil {
			return err
		}
	}
}

func (s *scanner) escape() error {
	s.i++
	if s.i >= len(s.b) {
		return errCut
	}
	if s.b[s.i] != 'u' {
		if bytes.IndexByte([]byte(`"\/bfnrt`), s.b[s.i]) < 0 {
			return s.bad()
		}
		s.i++
		return nil
	}
	s.i++
	r, err := s.hex4()
	if err != nil || r < 0xd800 || r > 0xdfff {
		return err
	}
	if r <= 0xdbff && bytes.HasPrefix(s.b[s.i:], []byte(`\u`)) {
		s.i += 2
		if low, err := s.hex4(); err != nil || low >= 0xdc00 && low <= 0xdfff {
			return err
		}
	}
	return fmt.Errorf("half of a surrogate pair in the JSON, at %d", s.i)
}

func (s *scanner) hex4() (r int, err error) {
	for range 4 {
		if s.i >= len(s.b) {
			return 0, errCut
		}
		c := s.b[s.i]
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | int(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | int(c|0x20-'a'+10)
		default:
			return 0, s.bad()
		}
		s.i++
	}
	return r, nil
}

func (s *scanner) number() error {
	if s.b[s.i] == '-' {
		s.i++
	}
	lead := s.i
	if !s.digits() {
		return s.bad()
	}
	if s.b[lead] == '0' && s.i > lead+1 {
		s.i = lead + 1
		return s.bad()
	}
	if s.i < len(s.b) && s.b[s.i] == '.' {
		s.i++
		if !s.digits() {
			return s.bad()
		}
	}
	if s.i < len(s.b) && s.b[s.i]|0x20 == 'e' {
		s.i++
		if s.i < len(s.b) && (s.b[s.i] == '+' || s.b[s.i] == '-') {
			s.i++
		}
		if !s.digits() {
			return s.bad()
		}
	}
	return nil
}

func (s *scanner) digits() bool {
	from := s.i
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
	}
	return s.i > from
}

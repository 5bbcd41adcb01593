package format

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The JSON this package reads is a subset on which all readers agree: UTF-8,
// no duplicate member names, no lone surrogates, nothing after the value (L1).
// encoding/json accepts duplicates and folds the case of names, so it is
// never asked to read an object here before this scanner has.

const maxDepth = 64

var errCut = errors.New("the JSON ends too early")

// checkJSON reads b as exactly one JSON value of the subset. With open set,
// the member names that RFC 9901 reserves ("_sd", "...") are refused anywhere.
func checkJSON(b []byte, open bool) error {
	return (&scanner{b: b, open: open}).whole()
}

// whole reads exactly one value, and nothing after it.
func (s *scanner) whole() error {
	if !utf8.Valid(s.b) {
		return errors.New("the JSON is not UTF-8")
	}
	if err := s.value(0); err != nil {
		return err
	}
	s.space()
	if s.i != len(s.b) {
		return fmt.Errorf("bytes after the end of the JSON, at %d", s.i)
	}
	return nil
}

// A member is one name and value of an object, the value as written.
type member struct {
	name  string
	value json.RawMessage
}

// members reads b as exactly one object and gives its members in order.
func members(b []byte) ([]member, error) {
	var list []member
	if err := each(b, '{', func(name []byte, value json.RawMessage) { list = append(list, member{string(name), value}) }); err != nil {
		return nil, err
	}
	return list, nil
}

// elements reads b as exactly one array and gives its elements in order.
func elements(b []byte) ([]json.RawMessage, error) {
	list := make([]json.RawMessage, 0, 3) // a disclosure has three
	if err := each(b, '[', func(_ []byte, value json.RawMessage) { list = append(list, value) }); err != nil {
		return nil, err
	}
	return list, nil
}

// EachMember reads b as exactly one JSON object of L1 and calls fn with the name
// of each member, unescaped, and its value as written, both good until fn
// returns or b changes. It builds nothing: who wants few of the members pays for
// those. What fn was given counts only if there is no error. Any error: b is no
// such object.
func EachMember(b []byte, fn func(name []byte, value json.RawMessage)) error {
	return each(b, '{', fn)
}

// each calls fn while it reads; what fn was given counts only if each succeeds.
func each(b []byte, kind byte, fn func([]byte, json.RawMessage)) error {
	s := scanner{b: b}
	if s.space(); s.i < len(b) && s.b[s.i] == kind {
		s.each = fn
		return s.whole()
	}
	if err := s.whole(); err != nil {
		return err
	}
	return fmt.Errorf("want JSON beginning with %q", kind)
}

// text reads b as exactly one JSON string.
func text(b []byte) (string, error) {
	if err := checkJSON(b, false); err != nil {
		return "", err
	}
	if b[0] != '"' {
		return "", errors.New("want a JSON string")
	}
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b[1:bytes.LastIndexByte(b, '"')]), nil
	}
	var v string
	return v, json.Unmarshal(b, &v)
}

// texts reads b as exactly one array of strings.
func texts(b []byte) ([]string, error) {
	list, err := elements(b)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(list))
	for i, e := range list {
		if out[i], err = text(e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// appendText appends v as a JSON string. v must be UTF-8.
func appendText(b []byte, v string) []byte {
	b = append(b, '"')
	from := 0
	for i := range len(v) {
		c := v[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, v[from:i]...)
		from = i + 1
		if i := strings.IndexByte("\b\f\n\r\t\"\\", c); i >= 0 {
			b = append(b, '\\', `bfnrt"\`[i])
		} else {
			b = fmt.Appendf(b, `\u%04x`, c)
		}
	}
	return append(append(b, v[from:]...), '"')
}

// appendJSON appends v as compact JSON, with <, > and & left as they are:
// the text is for people to read, and is never set into a page unescaped.
func appendJSON(b []byte, v any) ([]byte, error) {
	if raw, ok := v.(json.RawMessage); ok {
		return append(b, raw...), nil
	}
	buf := bytes.NewBuffer(b)
	e := json.NewEncoder(buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return b, err
	}
	out := buf.Bytes()
	return out[:len(out)-1], nil // Encode ends with a newline
}

// replaced reports whether JSON written by encoding/json holds its mark for
// bytes that were not UTF-8. A replacement character in the original is
// written as itself, never as this escape.
func replaced(b []byte) bool {
	mark := []byte(`\ufffd`)
	for from := 0; ; {
		i := bytes.Index(b[from:], mark)
		if i < 0 {
			return false
		}
		i += from
		slashes := 0
		for j := i - 1; j >= 0 && b[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 0 {
			return true
		}
		from = i + len(mark)
	}
}

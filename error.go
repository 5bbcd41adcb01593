package jurat

import "fmt"

// A Kind says what a caller may do about an error. It is an error itself, so
// errors.Is(err, jurat.NotFound) asks the question by name.
type Kind string

// The closed list of kinds. An error without a kind is a bug or a broken
// machine.
const (
	Invalid     Kind = "invalid"     // the request is wrong; change it
	NotFound    Kind = "not found"   // or not yours to see: never told apart
	Forbidden   Kind = "forbidden"   // you may see it, and may not do this
	Conflict    Kind = "conflict"    // the state does not allow it now; read again, then decide
	Altered     Kind = "altered"     // we looked, and the bytes are not the bytes committed to
	Unavailable Kind = "unavailable" // could not tell, or could not do it now; nothing is known to be wrong
)

// Kinds lists every kind, so that edges can be tested against all of them.
var Kinds = [...]Kind{Invalid, NotFound, Forbidden, Conflict, Altered, Unavailable}

// Error is a refusal with a sentence for the person who caused it. Detail is
// shown to users and holds no secret; Err is the cause, for the operator.
type Error struct {
	Kind   Kind
	Detail string
	Err    error
}

func (k Kind) Error() string { return string(k) }

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Detail
	}
	return e.Detail + ": " + e.Err.Error()
}

// Unwrap gives the kind and the cause, so errors.Is finds both.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// Errorf makes an error of the given kind with a sentence and no cause.
func Errorf(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Detail: fmt.Sprintf(format, args...)}
}

// Because makes an error of the given kind whose cause is err.
func Because(k Kind, err error, format string, args ...any) *Error {
	return &Error{Kind: k, Detail: fmt.Sprintf(format, args...), Err: err}
}

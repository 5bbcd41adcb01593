package format

import (
	"encoding/json"
	"fmt"
	"strings"
)

// bind gives each member of an object to the pointer named for it, and refuses
// a member without one and a name without a member. Pairs are a name and a
// *string, *int64 or *json.RawMessage; a name that ends with "?" may be absent.
func bind(list []member, pairs ...any) error {
	for _, m := range list {
		known := false
		for i := 0; i < len(pairs); i += 2 {
			if strings.TrimSuffix(pairs[i].(string), "?") != m.name {
				continue
			}
			known = true
			var err error
			switch p := pairs[i+1].(type) {
			case *string:
				*p, err = text(m.value)
			case *int64:
				*p, err = number(m.value)
			case *json.RawMessage:
				*p = m.value
			}
			if err != nil {
				return fmt.Errorf("field %q: %w", m.name, err)
			}
		}
		if !known {
			return fmt.Errorf("unknown field %q", m.name)
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		name, optional := strings.CutSuffix(pairs[i].(string), "?")
		found := optional
		for _, m := range list {
			found = found || m.name == name
		}
		if !found {
			return fmt.Errorf("no field %q", name)
		}
	}
	return nil
}
